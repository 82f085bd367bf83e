using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Models;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class ReportExtensionsTests : ScopedTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        foreach (string name in (string[])["cat/a.avi", "cat/b.avi", "dog/c.avi", "dog/gone.avi"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllText(folder[name], "not read");
        }
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public async Task Queries_stand_first_and_neighbors_are_right_or_wrong()
    {
        var reader = new FakeReader();
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path), new VideoIndexOptions { Reader = reader });
        using var scope = NewDisposeScope();
        int[] labels = [.. index.Items.Select(item => item.ClassIndex)];

        // In the order of the index: a is next to c, b to gone.
        var result = Retrieval.Evaluate(tensor(new[] { 1, 0, 0, 1, 1, 0.1, 0.1, 1 }, [4, 2]), labels, tensor(new[] { 1, 0, 0, 1, 1, 0.1, 0.1, 1 }, [4, 2]), labels, 2);
        var figure = result.ToThumbnails("Examples", index, index, reader, examples: 2, neighbors: 5);

        Assert.Multiple(() =>
        {
            Assert.That(figure.Rows, Has.Count.EqualTo(2));
            Assert.That(figure.Rows[0].Images.Select(image => image.Caption), Is.EqualTo(new[] { "cat", "cat", "dog" }));
            Assert.That(figure.Rows[0].Images.Select(image => image.Mark), Is.EqualTo(new[] { ThumbnailMark.Reference, ThumbnailMark.Correct, ThumbnailMark.Incorrect }));
            Assert.That(figure.Rows[0].Images.Select(image => image.Data.IsEmpty), Is.EqualTo(new[] { false, false, true }), "a video that is gone is an empty frame");
            Assert.That(reader.Asked, Is.All.EqualTo(20), "the middle of 40 frames");
        });
        Assert.That(() => result.ToThumbnails("Examples", index.Where(item => item.Label is "cat"), index, reader), Throws.ArgumentException.With.Message.Contains("expected the 4 queries of the result, got 2"));
        Assert.That(() => result.ToThumbnails("Examples", index, index, reader, cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Confusion_is_a_heat_map_of_shares_and_a_table_of_the_worst()
    {
        var confusion = ConfusionMatrix.Of([0, 0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 1, 2, 1, 0, 0, 2, 1, 1], ["cat", "dog", "cow", "none"]);

        var map = confusion.ToHeatMap("All");
        var table = confusion.ToTable("Worst", 2);

        Assert.Multiple(() =>
        {
            Assert.That(map.Values[1, 0], Is.EqualTo(2 / 3.0).Within(1e-12));
            Assert.That(map.Values[3, 3], Is.NaN);
            Assert.That(map.Caption, Does.EndWith("40.0\u00A0% of 10 videos."));
            Assert.That(table.Rows.Select(row => $"{row.Name} {string.Join(' ', row.Cells.Select(cell => cell.Text))}"), Is.EqualTo(new[] { "dog cat 2 66.7 %", "cow dog 2 66.7 %" }));
            Assert.That(new RunReport("t") { Sections = [new() { Tables = [table], Figures = [map] }] }.ToHtml, Throws.Nothing);
        });
    }

    [Test]
    public void Similarity_of_timesteps_is_a_heat_map_with_their_numbers()
    {
        var map = TemporalDiversity.Measure(Golden.Hash(21, 5, 7, 4)).ToHeatMap("Similarity");

        Assert.That(map.Rows, Is.EqualTo(new[] { "1", "2", "3", "4" }));
        Assert.That(new RunReport("t") { Sections = [new() { Figures = [map] }] }.ToHtml, Throws.Nothing);
    }

    [Test]
    public void Loss_terms_are_a_line_each()
    {
        File.WriteAllText(folder["metrics.jsonl"], """{"step":1,"loss":3,"terms":{"local_local":2,"global_local":1}}""");

        var chart = TrainingMetrics.Read(folder["metrics.jsonl"]).ToLossChart("Loss");

        Assert.That(chart.Series.Select(series => series.Name), Is.EqualTo(new[] { "local_local", "global_local" }));
        Assert.That(chart.Series[0].Points, Is.EqualTo(new[] { (1.0, 2.0) }));
    }

    [Test]
    public void Attention_stands_below_its_frames()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var clips = Golden.Hash(63, 2, 3, 8, 16, 16).to(ScalarType.Float32);
        var maps = AttentionMap.Of(encoder, clips);

        var figure = maps.ToThumbnails("Attention", clips, ["one", "two"], frames: 4);

        Assert.That(figure.Rows.Select(row => row.Name), Is.EqualTo(new[] { "one", string.Empty, "two", string.Empty }));
        Assert.That(figure.Rows.Select(row => row.Images.Count), Is.All.EqualTo(4));
        Assert.That(figure.Rows[0].Images.Select(image => image.Caption), Is.EqualTo(new[] { "frame 2", "frame 4", "frame 6", "frame 8" }));
        Assert.That(() => maps.ToThumbnails("Attention", clips, ["one"]), Throws.ArgumentException.With.Message.Contains("got [2,3,8,16,16], 2 maps and 1 names"));
        Assert.That(() => maps.ToThumbnails("Attention", clips.narrow(3, 0, 8), ["one", "two"]), Throws.ArgumentException);
        Assert.That(() => maps.ToThumbnails("Attention", clips[0], ["one", "two"]), Throws.ArgumentException.With.Message.Contains("got [3,8,16,16]"));
    }

    private sealed class FakeReader : IVideoReader
    {
        public List<int> Asked { get; } = [];

        public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => new(40, 8, 6, 25);

        public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
        {
            Asked.AddRange(frames.ToArray());
            return path.Contains("gone", StringComparison.Ordinal) ? throw new VideoDataException("gone") : new FrameWindow(1, 6, 8);
        }
    }
}
