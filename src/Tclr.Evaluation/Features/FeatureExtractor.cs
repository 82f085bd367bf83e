using System.Diagnostics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Turns videos into features: the mean of an encoder's output over space, and over a video's clips and time as <see cref="FeaturePooling"/> says.</summary>
/// <remarks>
/// <para>
/// The encoder runs in evaluation mode and without gradients, and is given back in the mode it was in, each layer in its
/// own. It must not be trained meanwhile. Clips are moved to the device of its weights. It works on a thread of its own;
/// batches are read ahead and features written while it does.
/// </para>
/// <para>Source: the retrieval protocol of Dave et al., "TCLR" (2022), with ten clips of a video.</para>
/// </remarks>
/// <param name="encoder">The encoder; the caller keeps owning it.</param>
/// <param name="pooling">What becomes of the timesteps.</param>
/// <example><code>
/// var extractor = new FeatureExtractor(encoder, FeaturePooling.Timesteps);
/// var clips = new VideoClips(index, reader, ClipSamplers.Uniform(clips: 10, clipLength: 16, stride: 2), Augmentations.Evaluation(112));
/// using var features = await extractor.ExtractAsync(clips, "test.features");      // goes on where it was stopped
/// </code></example>
public sealed class FeatureExtractor(IVideoEncoder encoder, FeaturePooling pooling = FeaturePooling.Mean)
{
    private readonly IVideoEncoder encoder = encoder ?? throw new ArgumentNullException(nameof(encoder));
    private readonly FeaturePooling pooling = Enum.IsDefined(pooling) ? pooling : throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "expected Mean, Timesteps or Clips");

    /// <summary>Where the time of the last extraction went.</summary>
    public FeatureStatistics Statistics { get; private set; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Reads all batches and computes one feature for each of their videos.</summary>
    /// <param name="batches">Clips <c>[K, B, C, T, H, W]</c>, <c>K</c> of each of <c>B</c> videos; each batch is disposed once it is done with.</param>
    /// <param name="progress">Told the number of videos done, after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Features <c>[N, D]</c> on the CPU in the order of the batches, in no dispose scope; the caller owns them.</returns>
    /// <exception cref="ArgumentException">There is no batch, or clips are BGR and the encoder reverses its clips too.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<VideoFeatures> ExtractAsync(
        IAsyncEnumerable<ClipBatch> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return OwnThread.RunAsync(() => Extract(batches, progress, cancellationToken));
    }

    /// <summary>Computes one feature for each video, into a file. A file that is there already is gone on with.</summary>
    /// <remarks>
    /// After a stop of any kind the same call computes what is missing: with the same batch size, bit for bit what one run
    /// gives. Before anything is read it is clear that encoder and clips fit and that the file can be written, all of it.
    /// </remarks>
    /// <param name="clips">The videos.</param>
    /// <param name="path">The file; its folder is created where it does not exist.</param>
    /// <param name="batchSize">Videos that go through the encoder at a time, 1 or more. The default value is 4.</param>
    /// <param name="progress">Told the number of videos done, those of earlier runs included, at the start and after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The complete file; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There is no video, the encoder does not take such clips, or they are BGR and the encoder reverses its clips too.</exception>
    /// <exception cref="FeatureStoreException">The file cannot be written, or holds features of another encoder, other clips or other videos.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what is done is in the file.</exception>
    public Task<FeatureStore> ExtractAsync(
        IVideoClips clips, string path, int batchSize = 4, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (clips.Samples.Count == 0)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: expected one video or more, got none", nameof(clips));
        }

        return OwnThread.RunAsync(() => Extract(clips, path, batchSize, progress, cancellationToken));
    }

    private VideoFeatures Extract(IAsyncEnumerable<ClipBatch> batches, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        var parts = new List<Tensor>();
        var samples = new List<string>();
        try
        {
            Encode(batches, (batch, features) =>
            {
                parts.Add(features);
                samples.AddRange(batch.Samples);
                progress?.Report(samples.Count);
            }, cancellationToken);
            return parts.Count > 0
                ? new VideoFeatures(cat(parts, 0).DetachFromDisposeScope(), samples)
                : throw new ArgumentException($"{nameof(FeatureExtractor)}: expected one batch or more, got none", nameof(batches));
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    private FeatureStore Extract(IVideoClips clips, string path, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        int count = clips.Samples.Count;
        using (var writer = FeatureWriter.Open(path, new FeatureFile(EncoderFingerprint.Of(encoder), clips.Settings, pooling, DimensionOf(clips), clips.Samples)))
        {
            // Whole batches, so that a batch holds the same videos in a run that goes on as in one that was never stopped.
            int[][] batches = [.. Enumerable.Range(0, count).Chunk(batchSize)];
            var missing = writer.Missing.ToHashSet();
            int done = count - missing.Count;
            var pending = new Queue<int[]>(batches.Where(batch => batch.Any(missing.Contains)));
            progress?.Report(done);
            var writing = Task.CompletedTask;
            try
            {
                int[] videos = [.. pending.SelectMany(batch => batch)];
                var source = videos.Length == 0 ? AsyncEnumerable.Empty<ClipBatch>() : clips.ReadAsync(videos, batchSize, cancellationToken);
                Encode(source, (batch, features) =>
                {
                    int[] written = Expect(pending, clips, batch);

                    // What is written was encoded before: the encoder need not wait for the disk.
                    Finish(writing);
                    done += written.Count(missing.Contains);
                    progress?.Report(done);
                    writing = Task.Run(() => writer.Write(written, features), CancellationToken.None);
                }, cancellationToken);
            }
            finally
            {
                Finish(writing);
            }

            if (pending.Count > 0)
            {
                throw new ArgumentException($"{nameof(FeatureExtractor)}: expected clips of all videos, '{clips.Samples[pending.Peek()[0]]}' was not read", nameof(clips));
            }
        }

        return FeatureStore.Open(path);
    }

    // A clip of nothing tells the length of a feature, and whether the encoder takes such clips at all.
    private int DimensionOf(IVideoClips clips)
    {
        CheckChannels(clips.ChannelOrder, nameof(clips));
        using var scope = NewDisposeScope();
        var mode = EvaluationMode.Enter(encoder.Network);
        try
        {
            int dimension = (int)ClipEncoding.Pool(encoder, zeros([1, 1, .. clips.Shape.Skip(1)]), pooling).shape[1];
            return pooling == FeaturePooling.Clips ? dimension * (int)clips.Shape[0] : dimension;
        }
        finally
        {
            mode.Restore();
        }
    }

    private void CheckChannels(ChannelOrder clips, string parameter)
    {
        if (ChannelOrders.FindMistake(clips, encoder) is { } mistake)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: {mistake}", parameter);
        }
    }

    private static int[] Expect(Queue<int[]> pending, IVideoClips clips, ClipBatch batch)
    {
        int[] videos = pending.Count > 0 ? pending.Dequeue() : [];
        return batch.Samples.SequenceEqual(videos.Select(video => clips.Samples[video]), StringComparer.Ordinal)
            ? videos
            : throw new ArgumentException($"{nameof(FeatureExtractor)}: expected a batch of the {videos.Length} videos that were asked for, got [{string.Join(", ", batch.Samples)}]", nameof(clips));
    }

    private static void Finish(Task writing) => writing.GetAwaiter().GetResult();

    private void Encode(IAsyncEnumerable<ClipBatch> batches, Action<ClipBatch, Tensor> take, CancellationToken cancellationToken)
    {
        var mode = EvaluationMode.Enter(encoder.Network);
        var (begin, encoding, videos) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, 0);
        try
        {
            using var reader = new BatchReader(batches, cancellationToken);
            while (reader.Next() is { } next)
            {
                using var batch = next;
                CheckChannels(batch.ChannelOrder, nameof(batches));
                long start = Stopwatch.GetTimestamp();
                using var clips = batch.To(ClipEncoding.DeviceOf(encoder));
                var features = ClipEncoding.Pool(encoder, clips, pooling);
                encoding += Stopwatch.GetElapsedTime(start);
                videos += batch.Samples.Count;
                try
                {
                    take(batch, features);
                }
                catch
                {
                    features.Dispose();
                    throw;
                }
            }
        }
        finally
        {
            mode.Restore();
            Statistics = new FeatureStatistics(videos, Stopwatch.GetElapsedTime(begin), encoding);
        }
    }
}
