namespace Tclr.Fuzz;

/// <summary>All readers of the library that take files of other programs or earlier runs.</summary>
internal static class FuzzTargets
{
    public static IEnumerable<FuzzTarget> All() =>
    [
        new WeightTarget("pth", "net.pth"),
        new WeightTarget("safetensors", "net.safetensors"),
        new WeightTarget("dat", "net.dat"),
        new WeightTarget("tensorflow", "ckpt.index"),
        new CheckpointTarget("manifest", "manifest.json", resume: false),
        new CheckpointTarget("state", "state.json", resume: false),
        new CheckpointTarget("resume", "state.json", resume: true),
        new FrameCacheTarget(),
        new IndexCacheTarget(),
        new QuarantineTarget(),
        new ListTarget("any"),
        new ListTarget("ucf101"),
        new ListTarget("hmdb51"),
        new ListTarget("kinetics"),
        new ListTarget("diving48"),
        new FeatureTarget(),
        new RecipeTarget(),
        new ReportTarget(),
        new MetricsTarget(),
        VideoTarget.Written("avi", "FFV1"),
        VideoTarget.Written("avi", "XVID"),
        VideoTarget.Written("avi", "HFYU"),
        VideoTarget.Written("mkv", "MJPG"),
        VideoTarget.Written("mkv", "FFV1"),
        VideoTarget.Written("mp4", "mp4v"),
    ];

    /// <summary>Makes a reader's working folder.</summary>
    /// <returns>The path of the file that it reads, and valid files: those that the library writes and those of the folder <c>Seeds</c>.</returns>
    public static (string Path, List<byte[]> Seeds) Prepare(FuzzTarget target, string folder)
    {
        Directory.CreateDirectory(folder);
        List<byte[]> seeds = [.. target.Prepare(folder)];
        string kept = Path.Combine(AppContext.BaseDirectory, "Seeds", target.Name);
        if (Directory.Exists(kept))
        {
            seeds.AddRange(Directory.EnumerateFiles(kept).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        }

        return (Path.Combine(folder, target.FileName), seeds);
    }
}
