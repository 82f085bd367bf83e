using System.Diagnostics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Computes features of videos: an encoder's output, averaged over space, and over clips and time as set by <see cref="FeaturePooling"/>.</summary>
/// <remarks>
/// <para>
/// The encoder runs in evaluation mode without gradients, on the device of its weights and a dedicated thread, while the
/// loader reads ahead. Afterwards the mode of each layer is restored. Do not train the encoder at the same time.
/// </para>
/// <para>Source: the retrieval protocol of Dave et al., "TCLR" (2022), with ten clips for each video.</para>
/// </remarks>
/// <param name="encoder">The encoder; the caller keeps owning it.</param>
/// <param name="pooling">How features are averaged.</param>
/// <example><code>
/// var extractor = new FeatureExtractor(encoder, FeaturePooling.Timesteps);
/// var clips = new VideoClips(index, reader, ClipSamplers.Uniform(clips: 10, clipLength: 16, stride: 2), Augmentations.Evaluation(112));
/// using var features = await extractor.ExtractAsync(clips, "test.features");      // resumes if it was stopped
/// </code></example>
public sealed class FeatureExtractor(IVideoEncoder encoder, FeaturePooling pooling = FeaturePooling.Mean)
{
    private readonly IVideoEncoder encoder = encoder ?? throw new ArgumentNullException(nameof(encoder));
    private readonly FeaturePooling pooling = Enum.IsDefined(pooling) ? pooling : throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "expected Mean, Timesteps or Clips");

    /// <summary>The processes that share the work: each computes its part of the videos, in turns of a batch.</summary>
    /// <remarks>
    /// Every process calls the same method with the same encoder, clips and batch size. Each gets all features, in the same order and bits as
    /// from one process. Process 0 writes the file, which all must see. Canceling one process, or an error on one, ends the extraction on all.
    /// </remarks>
    /// <value>The default value is <see cref="ICollective.Local"/>: this process alone.</value>
    public ICollective Collective { get; init; } = ICollective.Local;

    /// <summary>The fraction of the last extraction's time that the encoder took, 0 to 1. If it is low, use more workers.</summary>
    public double BusyShare { get; private set; }

    /// <summary>Computes one feature for each video, in memory.</summary>
    /// <param name="clips">The videos.</param>
    /// <param name="batchSize">Number of videos in a batch, 1 or more.</param>
    /// <param name="progress">Reports the number of completed videos after each batch.</param>
    /// <param name="cancellationToken">Cancels between two batches; the features are lost. The other overload keeps them in a file.</param>
    /// <returns>Features <c>[N, D]</c> on the CPU, in the order of the videos and outside of any dispose scope; the caller owns them.</returns>
    /// <exception cref="ArgumentException">There is no video, the encoder does not accept the clips, or both encoder and clips reverse the channels.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="InvalidOperationException">The extraction failed on another process of the <see cref="Collective"/>, or does something else there; the message says why.</exception>
    public Task<VideoFeatures> ExtractAsync(IVideoClips clips, int batchSize = 4, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(clips, batchSize);
        return OwnThread.RunAsync(() =>
        {
            using var noGrad = no_grad();
            var ranks = new RankBatches(Collective);
            Tensor empty = Empty(ranks, clips, batchSize);
            var parts = new List<Tensor>();
            int done = 0;
            try
            {
                Encode(ranks, clips, [.. Enumerable.Range(0, clips.Samples.Count).Chunk(batchSize)], batchSize, empty, Keep, cancellationToken);
                return new VideoFeatures(cat(parts, 0).DetachFromDisposeScope(), clips.Samples);
            }
            finally
            {
                parts.ForEach(part => part.Dispose());
                empty.Dispose();
            }

            void Keep(int[] videos, Tensor features)
            {
                parts.Add(features);
                progress?.Report(done += videos.Length);
            }
        });
    }

    /// <summary>Computes one feature for each video, into a file. If the file exists, extraction resumes.</summary>
    /// <remarks>
    /// After an interruption of any kind, the same call computes the missing features; with the same batch size, the file is bit-identical to that
    /// of an uninterrupted run. The encoder's input and the disk space are checked before videos are read.
    /// </remarks>
    /// <param name="clips">The videos.</param>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <param name="batchSize">Number of videos in a batch, 1 or more.</param>
    /// <param name="progress">Reports the number of completed videos, including those of earlier runs, at the start and after each batch.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>The complete file; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There is no video, the encoder does not accept the clips, or both encoder and clips reverse the channels.</exception>
    /// <exception cref="FeatureStoreException">The file cannot be written, or has features of another encoder, other clips or other videos.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; the features computed so far are in the file.</exception>
    /// <exception cref="InvalidOperationException">The extraction failed on another process of the <see cref="Collective"/>, or does something else there; the message says why.</exception>
    public Task<FeatureStore> ExtractAsync(
        IVideoClips clips, string path, int batchSize = 4, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(clips, batchSize);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return OwnThread.RunAsync(() => Extract(clips, path, batchSize, progress, cancellationToken));
    }

    private static void Check(IVideoClips clips, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (clips.Samples.Count == 0)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: expected one video or more, got none", nameof(clips));
        }
    }

    private FeatureStore Extract(IVideoClips clips, string path, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        var ranks = new RankBatches(Collective);
        int count = clips.Samples.Count;
        using var empty = Empty(ranks, clips, batchSize);
        FeatureWriter? writer = null;
        try
        {
            ranks.Together(() => writer = Collective.Rank == 0
                ? FeatureWriter.Open(path, new FeatureFile(EncoderFingerprint.Of(encoder), clips.Settings, pooling, (int)empty.shape[1], clips.Samples))
                : null);

            // Whole batches, so that each has the same videos as in an uninterrupted run.
            bool[] missing = new bool[count];
            foreach (int video in writer?.Missing ?? [])
            {
                missing[video] = true;
            }

            missing = ranks.FromFirst(missing);
            int[][] batches = [.. Enumerable.Range(0, count).Chunk(batchSize).Where(batch => batch.Any(video => missing[video]))];
            int done = missing.Count(flag => !flag);
            progress?.Report(done);
            var writing = Task.CompletedTask;
            try
            {
                Encode(ranks, clips, batches, batchSize, empty, Write, cancellationToken);
            }
            finally
            {
                ranks.Together(() =>
                {
                    writing.GetAwaiter().GetResult();
                    writer?.Dispose();
                });
            }

            void Write(int[] videos, Tensor features)
            {
                // Written in the background, so that the encoder does not wait for the disk.
                writing.GetAwaiter().GetResult();
                done += videos.Count(video => missing[video]);
                progress?.Report(done);
                if (writer is null)
                {
                    features.Dispose();
                }
                else
                {
                    writing = Task.Run(() => writer.Write(videos, features), CancellationToken.None);
                }
            }
        }
        finally
        {
            writer?.Dispose();
        }

        return FeatureStore.Open(path);
    }

    // Features [0, D] of no video, for the dimension and the type. Encodes zeros, to check that the encoder accepts the clips.
    private Tensor Empty(RankBatches ranks, IVideoClips clips, int batchSize)
    {
        if (Collective.Size > 1)
        {
            ranks.RequireSame(FormattableString.Invariant($"{EncoderFingerprint.Of(encoder)}, {clips.Samples.Count} videos, {clips.Settings}, {pooling}, batches of {batchSize}"));
        }

        Tensor? empty = null;
        try
        {
            ranks.Together(() => empty = EmptyOf(clips));
            return empty!;
        }
        catch
        {
            empty?.Dispose();
            throw;
        }
    }

    private Tensor EmptyOf(IVideoClips clips)
    {
        if (ChannelOrders.FindMistake(clips.ChannelOrder, encoder) is { } mistake)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: {mistake}", nameof(clips));
        }

        using var scope = NewDisposeScope();
        using var mode = new EvaluationMode(encoder.Network);
        var feature = ClipEncoding.Pool(encoder, zeros([1, 1, .. clips.Shape.Skip(1)]), pooling);
        return zeros([0, feature.shape[1] * (pooling == FeaturePooling.Clips ? clips.Shape[0] : 1)], feature.dtype).DetachFromDisposeScope();
    }

    private void Encode(RankBatches ranks, IVideoClips clips, int[][] batches, int batchSize, Tensor empty, Action<int[], Tensor> take, CancellationToken cancellationToken)
    {
        if (batches.Length == 0)
        {
            return;
        }

        using var mode = new EvaluationMode(encoder.Network);
        var (begin, encoding) = (Stopwatch.GetTimestamp(), new Stopwatch());
        try
        {
            if (Collective.Size > 1)
            {
                // All ranks are canceled together, between two batches.
                int[][] own = ranks.Own(batches);
                ranks.Run(batches, batchSize, empty, Features(clips, own, batchSize, encoding, CancellationToken.None).Select(entry => entry.Features), take, cancellationToken);
                return;
            }

            foreach (var (videos, features) in Features(clips, batches, batchSize, encoding, cancellationToken))
            {
                try
                {
                    take(videos, features);
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
            BusyShare = Math.Min(1, encoding.Elapsed / Stopwatch.GetElapsedTime(begin));
        }
    }

    // The features of each batch; ownership passes.
    private IEnumerable<(int[] Videos, Tensor Features)> Features(IVideoClips clips, int[][] batches, int batchSize, Stopwatch encoding, CancellationToken cancellationToken)
    {
        var pending = new Queue<int[]>(batches);
        foreach (var batch in ClipEncoding.Take(batches.Length == 0 ? AsyncEnumerable.Empty<ClipBatch>() : clips.ReadAsync([.. batches.SelectMany(batch => batch)], batchSize, cancellationToken), cancellationToken))
        {
            int[] videos = pending.Count > 0 ? pending.Dequeue() : [];
            if (!batch.Samples.SequenceEqual(videos.Select(video => clips.Samples[video]), StringComparer.Ordinal))
            {
                throw new ArgumentException($"{nameof(FeatureExtractor)}: expected a batch of the {videos.Length} requested videos, got [{string.Join(", ", batch.Samples)}]", nameof(clips));
            }

            encoding.Start();
            using var input = batch.To(ClipEncoding.DeviceOf(encoder));
            var features = ClipEncoding.Pool(encoder, input, pooling);
            encoding.Stop();
            yield return (videos, features);
        }

        if (pending.Count > 0)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: expected clips of all videos, '{clips.Samples[pending.Peek()[0]]}' was not read", nameof(clips));
        }
    }
}
