using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Models;

namespace Tclr.Benchmarks.Evaluation;

/// <summary>Features of four real videos with ten clips each, R3D-18 at 112x112, from the files to the feature file.</summary>
/// <remarks>At the end the encoder's busy share of the last run is printed.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A benchmark's cleanup disposes it.")]
public class FeatureExtractionBenchmarks
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"tclr-{Guid.NewGuid():N}.features");
    private VideoEncoder encoder = null!;
    private VideoClips clips = null!;
    private FeatureExtractor extractor = null!;

    [GlobalSetup]
    public void Setup()
    {
        var items = BenchmarkVideos.Require().Select(file => new VideoItem(file, "some", 0)).ToList();
        var index = VideoIndex.ScanAsync(new VideoDataset("benchmark", items, ["some"])).GetAwaiter().GetResult();
        encoder = VideoEncoders.R3D18();
        extractor = new FeatureExtractor(encoder, FeaturePooling.Timesteps);
        clips = new VideoClips(index, new OpenCvVideoReader(), ClipSamplers.Uniform(clips: 10, clipLength: 16, stride: 2), Augmentations.Evaluation(112));
    }

    [IterationCleanup]
    public void Delete() => File.Delete(path);

    [GlobalCleanup]
    public void Cleanup()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// the encoder was busy {extractor.BusyShare:P1} of the time"));
        encoder.Dispose();
    }

    [Benchmark]
    public async Task Extract() => (await extractor.ExtractAsync(clips, path, batchSize: 1)).Dispose();
}
