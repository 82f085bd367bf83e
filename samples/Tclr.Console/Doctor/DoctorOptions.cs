namespace Tclr.Cli;

/// <summary>Options of <c>tclr doctor</c>.</summary>
internal sealed class DoctorOptions(Arguments a)
{
    public string? Folder { get; } = a.Positional("FOLDER", "Folder of videos to check too: a sample of them is decoded.");

    public string Recipe { get; } = a.Text("--recipe", $"The recipe to train by: a name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file.", "tiny");

    public int? BatchSize { get; } = a.Whole("--batch", "Videos in a batch in place of the recipe's.", 2);

    public string Output { get; } = a.Text("--out", "Folder that checkpoints will be written to.", "tclr-run");

    public string Device { get; } = a.Text("--device", "Where to compute: cpu, cuda, cuda:1.", "cpu");

    public bool Ffmpeg { get; } = a.Flag("--ffmpeg", "Decode with the installed ffmpeg command what OpenCV cannot.");

    public bool Json { get; } = a.Flag("--json", "Print the checks as JSON.");

    /// <summary>Which checks to run in this process, as lines of JSON.</summary>
    public string? Part { get; } = a.Hidden("--part");
}
