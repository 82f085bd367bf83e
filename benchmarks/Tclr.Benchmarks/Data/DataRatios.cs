namespace Tclr.Benchmarks;

/// <summary>A TCLR sample by stages against bare decoding of 64 frames, per sample, by turns: <c>bench data --ratios</c>.</summary>
internal static class DataRatios
{
    public static void Run()
    {
        var data = new DataLoaderBenchmarks();
        data.SetupClips();
        var (all, resize) = (new AugmentationBenchmarks { Preset = "TclrReference" }, new AugmentationBenchmarks { Preset = "ResizeOnly" });
        all.Setup();
        resize.Setup();
        (string Name, Action Body, int Count)[] bodies =
        [
            (nameof(data.BareDecode), data.BareDecode, DataLoaderBenchmarks.Videos),
            (nameof(data.BareWindows), data.BareWindows, DataLoaderBenchmarks.Samples),
            (nameof(data.Windows), data.Windows, DataLoaderBenchmarks.Samples),
            (nameof(data.CachedWindows), data.CachedWindows, DataLoaderBenchmarks.Samples),
            ("augmentation, `TclrReference`", () => all.TenClips(), AugmentationBenchmarks.Samples),
            ("augmentation, resize only", () => resize.TenClips(), AugmentationBenchmarks.Samples),
            (nameof(data.OneWorker), data.OneWorker, DataLoaderBenchmarks.Samples),
            (nameof(data.OneWorkerCached), data.OneWorkerCached, DataLoaderBenchmarks.Samples),
            (nameof(data.TwoWorkers), data.TwoWorkers, DataLoaderBenchmarks.Samples),
        ];
        var turns = Turns.Run(9, TimeSpan.FromSeconds(60), [.. bodies.Select(body => (body.Name, body.Body))]);
        data.Cleanup();
        all.Cleanup();
        resize.Cleanup();
        Console.WriteLine($"{turns.Rounds} rounds{Environment.NewLine}| per sample | best / median, ratio of medians to {bodies[0].Name} |{Environment.NewLine}|---|---|");
        for (int i = 0; i < bodies.Length; i++)
        {
            double best = turns.Best(i) / bodies[i].Count, median = turns.Median(i) / bodies[i].Count;
            Console.WriteLine(FormattableString.Invariant($"| {bodies[i].Name} | {best:0.0} / {median:0.0} ms, {median / (turns.Median(0) / bodies[0].Count):0.00} |"));
        }
    }
}
