using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Tests;

[NoTensorLeaks]
public sealed class MomentReportExtensionsTests : ScopedTests
{
    private const int Videos = 3;
    private const int Moments = 4;

    [Test]
    public void The_table_has_chance_and_each_encoder()
    {
        var (right, wrong) = (Result(eye(12).view(Videos, Moments, 12)), Result(ones([Videos, Moments, 2])));

        (string, MomentResult)[] table = [("random", wrong), ("TCLR", right)];
        var shown = table.ToTable("Moments");

        Assert.That(shown.Rows.Select(row => row.Name), Is.EqualTo(new[] { "chance", "random", "TCLR" }));
        Assert.That(shown.Rows[0].Cells.Select(cell => cell.Text), Is.EqualTo(new[] { "25.0", "8.3", "33.3", "50.0", "-" }));
        Assert.That(shown.Rows[1].Cells.Select(cell => cell.Text), Is.EqualTo(new[] { "25.0 ± 0.0", "8.3 ± 8.3", "33.3 ± 33.3", "50.0 ± 0.0", "-" }));
        Assert.That(shown.Rows[2].Cells[0].Value!.Mean, Is.EqualTo(100));
        Assert.That(shown.Rows.Select(row => row.Cells.Count), Is.All.EqualTo(shown.Columns.Count));
        Assert.That(new RunReport("t") { Sections = [new() { Tables = [shown] }] }.ToHtml, Throws.Nothing);
        Assert.That(() => Array.Empty<(string, MomentResult)>().ToTable("none"), Throws.ArgumentException);
        (string, MomentResult)[] mixed = [.. table, ("other", VideoMoments.Measure(ones([2, 4, 2]), ones([2, 4, 2])))];
        Assert.That(() => mixed.ToTable("mixed"), Throws.ArgumentException.With.Message.Contains("of the same videos and moments"));
    }

    [Test]
    public async Task Queries_stand_beside_their_moments_and_what_each_encoder_found()
    {
        // The first finds the first moment of each video, the second all.
        var first = Result(ones([Videos, Moments, 2])) with
        {
            MiddleFrames = [5, 15, 25, 35, 5, 15, 25, 35, 5, 15, 25, 35],
            Pictures = [.. ((int[])[0, 1, 2, 3, 8, 9, 10, 11]).Select(query => new MomentPicture(query, new byte[3 * 4 * 2], 4, 2))],
        };
        (string, MomentResult)[] results = [("before", first), ("after", Result(eye(12).view(Videos, Moments, 12)))];
        var reader = new FramesReader();
        var index = await VideoIndex.ScanAsync(new VideoDataset("set", [.. Enumerable.Range(0, Videos).Select(i => new VideoItem($"dir/v{i}.mp4", "a", 0))], ["a"]), new VideoIndexOptions { Reader = reader });

        var grid = results.ToThumbnails("Found", index, reader);

        Assert.That(grid.Rows.Select(row => row.Name), Is.EqualTo(new[] { "v0.mp4", "v2.mp4" }));
        Assert.That(grid.Rows.Select(row => string.Join(", ", row.Images.Select(image => $"{image.Mark} {image.Caption}"))), Is.EqualTo(new[]
        {
            "Reference query, None moment 0.6 s, Incorrect before 0.2 s, Correct after 0.6 s",
            "Reference query, None moment 0.2 s, Correct before 0.2 s, Correct after 0.2 s",
        }));
        Assert.That(reader.Asked, Is.EqualTo(new[] { "v0 15", "v0 5", "v0 15", "v2 5", "v2 5", "v2 5" }));
        Assert.That(grid.Rows.SelectMany(row => row.Images).Select(image => image.Data.IsEmpty), Is.All.False);
        Assert.That(new RunReport("t") { Sections = [new() { Figures = [grid] }] }.ToHtml, Throws.Nothing);
        Assert.That(() => results.ToThumbnails("Found", index.Where(item => item.Path.Contains('1', StringComparison.Ordinal)), reader), Throws.ArgumentException.With.Message.Contains("expected the 3 videos of the results, got 1"));
    }

    private static MomentResult Result(Tensor features) => VideoMoments.Measure(features, features);

    private sealed class FramesReader : IVideoReader
    {
        public List<string> Asked { get; } = [];

        public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => new(40, 8, 6, 25);

        public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
        {
            Asked.Add($"{Path.GetFileNameWithoutExtension(path)} {frames[0]}");
            return new FrameWindow(1, 6, 8);
        }
    }
}
