namespace Tclr.Cli;

/// <summary>Options of <c>tclr report compare</c>.</summary>
internal sealed class CompareOptions(Arguments a)
{
    public IReadOnlyList<string> Runs { get; } = a.Positionals("RUN", "Folders of runs, as --out of 'tclr pretrain'. Evaluations are taken from reports in the folder or below it: give 'tclr evaluate' --out RUN/evaluation.");

    public string Output { get; } = a.Text("--out", "The report, an .html file; .json and .csv are written beside it.", "comparison.html");

    /// <summary>Refuses options that do not go together.</summary>
    public void Check()
    {
        if (!Output.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--out: expected a file that ends in .html, got '{Output}'");
        }

        if (Runs.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException($"expected each run once, got '{twice.First()}' {twice.Count()} times");
        }
    }
}
