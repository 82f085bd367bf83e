using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Applies several operations together with a probability, or none of them.</summary>
    /// <param name="probability">The probability, 0 to 1.</param>
    /// <param name="operations">Adds the operations to the empty pipeline that it receives. Crops, sizes, <see cref="Channels"/> and <see cref="RoundToBytes"/> apply to the whole augmentation and are refused.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="operations"/> does not return the pipeline that it received.</exception>
    /// <exception cref="InvalidOperationException">One of the methods applies to the whole augmentation.</exception>
    public ClipAugmentation RandomApply(double probability, Func<ClipAugmentation, ClipAugmentation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return operations(new ClipAugmentation(new Recipe { OperationsOnly = true })) is { recipe: { OperationsOnly: true } inside }
            ? Add(new RandomApply(probability, inside.Operations))
            : throw new ArgumentException("RandomApply: expected the pipeline that the function receives, with operations added, got another one: write inside => inside.ColorJitter(...)", nameof(operations));
    }
}

internal sealed class RandomApply : ClipOperation
{
    private readonly double probability;
    private readonly IReadOnlyList<ClipOperation> operations;

    public RandomApply(double probability, IReadOnlyList<ClipOperation> operations)
    {
        OptionChecker.ThrowIfInvalid(check => check.Between(probability, 0, 1), nameof(probability));
        (this.probability, this.operations) = (probability, operations);
    }

    public override bool ChangesPixels => operations.Any(operation => operation.ChangesPixels);

    public override bool ChangesColors => operations.Any(operation => operation.ChangesColors);

    // Draws the parameters in either case, so that the draws of later operations do not shift.
    public override IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random)
    {
        bool happens = random.NextDouble() < probability;
        var changes = new List<ClipChange>();
        foreach (var operation in operations)
        {
            changes.AddRange(operation.Draw(height, width, ref random));
        }

        return happens ? changes : [];
    }
}
