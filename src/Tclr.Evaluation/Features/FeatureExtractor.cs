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
    public Task<VideoFeatures> ExtractAsync(IVideoClips clips, int batchSize = 4, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(clips, batchSize);
        return OwnThread.RunAsync(() =>
        {
            using var noGrad = no_grad();
            DimensionOf(clips);
            var parts = new List<Tensor>();
            int done = 0;
            try
            {
                Encode(clips, [.. Enumerable.Range(0, clips.Samples.Count).Chunk(batchSize)], batchSize, Keep, cancellationToken);
                return new VideoFeatures(cat(parts, 0).DetachFromDisposeScope(), clips.Samples);
            }
            finally
            {
                parts.ForEach(part => part.Dispose());
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
        int count = clips.Samples.Count;
        using (var writer = FeatureWriter.Open(path, new FeatureFile(EncoderFingerprint.Of(encoder), clips.Settings, pooling, DimensionOf(clips), clips.Samples)))
        {
            // Whole batches, so that each has the same videos as in an uninterrupted run.
            var missing = writer.Missing.ToHashSet();
            int[][] batches = [.. Enumerable.Range(0, count).Chunk(batchSize).Where(batch => batch.Any(missing.Contains))];
            int done = count - missing.Count;
            progress?.Report(done);
            var writing = Task.CompletedTask;
            try
            {
                Encode(clips, batches, batchSize, Write, cancellationToken);
            }
            finally
            {
                writing.GetAwaiter().GetResult();
            }

            void Write(int[] videos, Tensor features)
            {
                // Written in the background, so that the encoder does not wait for the disk.
                writing.GetAwaiter().GetResult();
                done += videos.Count(missing.Contains);
                progress?.Report(done);
                writing = Task.Run(() => writer.Write(videos, features), CancellationToken.None);
            }
        }

        return FeatureStore.Open(path);
    }

    // Encodes zeros, to get the dimension and to check that the encoder accepts the clips.
    private int DimensionOf(IVideoClips clips)
    {
        if (ChannelOrders.FindMistake(clips.ChannelOrder, encoder) is { } mistake)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: {mistake}", nameof(clips));
        }

        using var scope = NewDisposeScope();
        using var mode = new EvaluationMode(encoder.Network);
        int dimension = (int)ClipEncoding.Pool(encoder, zeros([1, 1, .. clips.Shape.Skip(1)]), pooling).shape[1];
        return pooling == FeaturePooling.Clips ? dimension * (int)clips.Shape[0] : dimension;
    }

    private void Encode(IVideoClips clips, int[][] batches, int batchSize, Action<int[], Tensor> take, CancellationToken cancellationToken)
    {
        if (batches.Length == 0)
        {
            return;
        }

        using var mode = new EvaluationMode(encoder.Network);
        var (begin, encoding) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        var pending = new Queue<int[]>(batches);
        try
        {
            foreach (var batch in ClipEncoding.Take(clips.ReadAsync([.. batches.SelectMany(batch => batch)], batchSize, cancellationToken), cancellationToken))
            {
                int[] videos = pending.Count > 0 ? pending.Dequeue() : [];
                if (!batch.Samples.SequenceEqual(videos.Select(video => clips.Samples[video]), StringComparer.Ordinal))
                {
                    throw new ArgumentException($"{nameof(FeatureExtractor)}: expected a batch of the {videos.Length} requested videos, got [{string.Join(", ", batch.Samples)}]", nameof(clips));
                }

                long start = Stopwatch.GetTimestamp();
                using var input = batch.To(ClipEncoding.DeviceOf(encoder));
                var features = ClipEncoding.Pool(encoder, input, pooling);
                encoding += Stopwatch.GetElapsedTime(start);
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

            if (pending.Count > 0)
            {
                throw new ArgumentException($"{nameof(FeatureExtractor)}: expected clips of all videos, '{clips.Samples[pending.Peek()[0]]}' was not read", nameof(clips));
            }
        }
        finally
        {
            BusyShare = Math.Min(1, encoding / Stopwatch.GetElapsedTime(begin));
        }
    }
}
