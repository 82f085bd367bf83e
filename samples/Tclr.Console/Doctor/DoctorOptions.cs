namespace Tclr.Cli;

/// <summary>Options of <c>tclr doctor</c>.</summary>
internal sealed class DoctorOptions(Arguments a)
{
    public string? Folder { get; } = a.Positional("FOLDER", "Folder of videos to check; a sample of them is decoded.");

    public string Recipe { get; } = a.Text("--recipe", $"Recipe whose memory is checked: a name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file.", "tiny");

    public int? BatchSize { get; } = a.Whole("--batch", "Batch size in videos, overriding the recipe.", 2);

    public string Output { get; } = a.Text("--out", "Output folder for checkpoints, whose disk is checked.", "tclr-run");

    public string Device { get; } = a.Text("--device", "Device: cpu, cuda, cuda:1.", "cpu");

    public bool Ffmpeg { get; } = a.Flag("--ffmpeg", "Use the installed ffmpeg command for videos that OpenCV cannot decode.");

    public bool Json { get; } = a.Flag("--json", "Print the checks as JSON.");

    /// <summary>The checks to run in this process, with results as JSON lines.</summary>
    public string? Part { get; } = a.Hidden("--part");
}
