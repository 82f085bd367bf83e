namespace Tclr.Models;

/// <summary>The shape of an <see cref="R3D"/>.</summary>
/// <remarks>
/// The defaults are the R3D-18 of Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action Recognition" (2018),
/// without its classifier. Checked when an <see cref="R3D"/> is created; all mistakes are reported together.
/// </remarks>
public sealed record R3DOptions
{
    /// <summary>Channels of a clip.</summary>
    /// <value>1 or more. The default value is 3.</value>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the stem's output.</summary>
    /// <value>1 or more. The default value is 64.</value>
    public int StemWidth { get; init; } = 64;

    /// <summary>Size of the stem's kernel over time and over each of height and width; the input is padded by half of it.</summary>
    /// <value>Odd numbers. The default value is <c>(3, 7)</c>, a 3x7x7 kernel.</value>
    public (int Temporal, int Spatial) StemKernel { get; init; } = (3, 7);

    /// <summary>By how much the stem thins out time, and each of height and width.</summary>
    /// <value>1 or more each. The default value is <c>(1, 2)</c>.</value>
    public (int Temporal, int Spatial) StemStride { get; init; } = (1, 2);

    /// <summary>The stages, in order.</summary>
    /// <value>One or more. The default value is 64, 128, 256 and 512 channels, two blocks each, each but the first halving time, height and width.</value>
    public IReadOnlyList<R3DStage> Stages { get; init; } = [new(64), new(128, 2, 2), new(256, 2, 2), new(512, 2, 2)];

    /// <summary>What the convolutions start from.</summary>
    /// <value>The default value is <see cref="ConvolutionInitialization.KaimingNormal"/>, as in torchvision.</value>
    public ConvolutionInitialization Initialization { get; init; } = ConvolutionInitialization.KaimingNormal;

    /// <summary>Lists what is wrong with the options, each with the value and what is expected.</summary>
    /// <returns>One sentence for each mistake; none where all is well.</returns>
    public IEnumerable<string> FindMistakes()
    {
        List<(string Name, int Value)> numbers =
        [
            (nameof(InputChannels), InputChannels),
            (nameof(StemWidth), StemWidth),
            ($"{nameof(StemKernel)}.{nameof(StemKernel.Temporal)}", StemKernel.Temporal),
            ($"{nameof(StemKernel)}.{nameof(StemKernel.Spatial)}", StemKernel.Spatial),
            ($"{nameof(StemStride)}.{nameof(StemStride.Temporal)}", StemStride.Temporal),
            ($"{nameof(StemStride)}.{nameof(StemStride.Spatial)}", StemStride.Spatial),
        ];
        for (int i = 0; i < Stages.Count; i++)
        {
            string stage = FormattableString.Invariant($"{nameof(Stages)}[{i}].");
            numbers.Add((stage + nameof(R3DStage.Width), Stages[i].Width));
            numbers.Add((stage + nameof(R3DStage.TemporalStride), Stages[i].TemporalStride));
            numbers.Add((stage + nameof(R3DStage.SpatialStride), Stages[i].SpatialStride));
            numbers.Add((stage + nameof(R3DStage.Blocks), Stages[i].Blocks));
        }

        foreach (var (name, value) in numbers)
        {
            if (value < 1)
            {
                yield return FormattableString.Invariant($"{name}: expected 1 or more, got {value}");
            }
            else if (name.StartsWith(nameof(StemKernel), StringComparison.Ordinal) && value % 2 == 0)
            {
                yield return FormattableString.Invariant($"{name}: expected an odd number, got {value}");
            }
        }

        if (Stages.Count == 0)
        {
            yield return $"{nameof(Stages)}: expected one stage or more, got none";
        }
    }
}
