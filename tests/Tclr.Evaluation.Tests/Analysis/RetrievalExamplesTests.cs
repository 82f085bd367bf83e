using Tclr.Data;
using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class RetrievalExamplesTests : ScopedTests
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
        var figure = RetrievalExamples.ToFigure("Examples", result, index, index, reader, examples: 2, neighbors: 5);

        Assert.Multiple(() =>
        {
            Assert.That(figure.Rows, Has.Count.EqualTo(2));
            Assert.That(figure.Rows[0].Images.Select(image => image.Caption), Is.EqualTo(new[] { "cat", "cat", "dog" }));
            Assert.That(figure.Rows[0].Images.Select(image => image.Mark), Is.EqualTo(new[] { ThumbnailMark.Reference, ThumbnailMark.Right, ThumbnailMark.Wrong }));
            Assert.That(figure.Rows[0].Images.Select(image => image.Data.IsEmpty), Is.EqualTo(new[] { false, false, true }), "a video that is gone is an empty frame");
            Assert.That(reader.Asked, Is.All.EqualTo(20), "the middle of 40 frames");
        });
        Assert.That(() => RetrievalExamples.ToFigure("Examples", result, index.Where(item => item.Label is "cat"), index, reader), Throws.ArgumentException.With.Message.Contains("expected the 4 queries of the result, got 2"));
        Assert.That(() => RetrievalExamples.ToFigure("Examples", result, index, index, reader, cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
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
