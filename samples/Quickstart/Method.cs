using Tclr.Losses;

namespace Tclr.Samples.Quickstart;

/// <summary>A row of the table: how the encoder came by its weights.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its folder below the output.</param>
/// <param name="Loss">What it was trained with; null for random weights.</param>
internal sealed record Method(string Name, string Folder, TclrLossOptions? Loss)
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new("Random weights", "random", null),
        new("Instance contrast (IC)", "ic", new TclrLossOptions { LocalLocal = false, GlobalLocal = false }),
        new("TCLR", "tclr", new TclrLossOptions()),
    ];
}

/// <summary>What a method reached.</summary>
/// <param name="Method">The method.</param>
/// <param name="Recalls">Recall at 1 and 5 of the class, then at 1 of each other judgment, in %.</param>
/// <param name="Progress">Loss terms by step.</param>
internal sealed record MethodResult(Method Method, IReadOnlyList<double> Recalls, IReadOnlyList<Core.TrainingProgress> Progress);
