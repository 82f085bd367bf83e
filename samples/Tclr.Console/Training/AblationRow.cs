namespace Tclr.Cli;

/// <summary>A row of the table: the terms that the encoder was trained with, and what the paper reports for them.</summary>
/// <param name="Key">Its name on the command line and its folder.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="Instance">Whether videos are told apart (IC).</param>
/// <param name="LocalLocal">Whether local clips are told apart (LL).</param>
/// <param name="GlobalLocal">Whether timesteps are matched (GL).</param>
/// <param name="PaperLinear">The paper's linear probe on UCF101, in %; null where it has none.</param>
/// <param name="PaperRecall">The paper's R@1 on UCF101, in %; null where it has none.</param>
internal sealed record AblationRow(string Key, string Name, bool Instance, bool LocalLocal, bool GlobalLocal, double? PaperLinear, double? PaperRecall)
{
    /// <summary>The settings of the three switches, and no training at all. Figures of Dave et al., TCLR, 2022 (R3D-18, UCF101).</summary>
    public static IReadOnlyList<AblationRow> All { get; } =
    [
        new("random", "Random weights", false, false, false, 17.15, 8.21),
        new("ic", "IC", true, false, false, 54.58, 40.76),
        new("ll", "LL", false, true, false, null, null),
        new("gl", "GL", false, false, true, null, null),
        new("ll+gl", "LL + GL", false, true, true, 23.39, 14.17),
        new("ic+gl", "IC + GL", true, false, true, 64.55, 47.32),
        new("ic+ll", "IC + LL", true, true, false, 62.70, 51.10),
        new("tclr", "IC + LL + GL (TCLR)", true, true, true, 69.91, 56.17),
    ];

    /// <summary>Whether there is anything to train with.</summary>
    public bool IsTrained => Instance || LocalLocal || GlobalLocal;
}

/// <summary>What one row reached with one seed.</summary>
/// <param name="Row">The row's key.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Fold">The fold that was held out; <see langword="null"/> without folds.</param>
/// <param name="Measures">Measures by name, in %.</param>
/// <param name="Terms">Means of the loss terms over the last steps.</param>
/// <param name="Steps">Steps trained.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record CellResult(string Row, ulong Seed, int? Fold, IReadOnlyDictionary<string, double> Measures, IReadOnlyDictionary<string, double> Terms, long Steps, double Seconds);
