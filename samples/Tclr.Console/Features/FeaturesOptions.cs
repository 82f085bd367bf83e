namespace Tclr.Cli;

/// <summary>Options of <c>tclr features</c>.</summary>
internal sealed class FeaturesOptions(Arguments a)
{
    public string Checkpoint { get; } = a.Required("--checkpoint", "A checkpoint 'step-...', the folder of a run, or with --recipe a file of weights.");

    public string? Recipe { get; } = a.Text("--recipe", $"What a file of weights was trained by: a name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file.");

    public string Videos { get; } = a.Required("--videos", "Folder of videos.");

    public string Output { get; } = a.Text("--out", "The CSV file: a line for each window, with video, start and end in seconds, and the feature.", "features.csv");

    public int Stride { get; } = a.Whole("--stride", "Frames from one of a clip to the next.", 1, 2);

    public double? HopSeconds { get; } = a.Positive("--hop", "Seconds from a window to the next; windows lie side by side by default.");

    public bool Ffmpeg { get; } = a.Flag("--ffmpeg", "Decode with the installed ffmpeg command what OpenCV cannot: AV1, videos whose size or pixel format change.");

    public string Device { get; } = a.Text("--device", "Where to compute: cpu, cuda, cuda:1.", "cpu");
}
