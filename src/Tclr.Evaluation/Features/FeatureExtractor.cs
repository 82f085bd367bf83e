using System.Diagnostics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Computes features of videos: the mean of an encoder's output over space, and over a video's clips and time as <see cref="FeaturePooling"/> says.</summary>
/// <remarks>
/// <para>
/// The encoder runs in evaluation mode and without gradients, on the device of its weights and a thread of its own, while the
/// loader reads ahead. Afterwards each layer gets its own mode back. It must not be trained meanwhile.
/// </para>
/// <para>Source: the retrieval protocol of Dave et al., "TCLR" (2022), with ten clips of a video.</para>
/// </remarks>
/// <param name="encoder">The encoder; the caller keeps owning it.</param>
/// <param name="pooling">The mean over clips and time, or over one of them.</param>
/// <example><code>
/// var extractor = new FeatureExtractor(encoder, FeaturePooling.Timesteps);
/// var clips = new VideoClips(index, reader, ClipSamplers.Uniform(clips: 10, clipLength: 16, stride: 2), Augmentations.Evaluation(112));
/// using var features = await extractor.ExtractAsync(clips, "test.features");      // resumes where it was stopped
/// </code></example>
public sealed class FeatureExtractor(IVideoEncoder encoder, FeaturePooling pooling = FeaturePooling.Mean)
{
    private readonly IVideoEncoder encoder = encoder ?? throw new ArgumentNullException(nameof(encoder));
    private readonly FeaturePooling pooling = Enum.IsDefined(pooling) ? pooling : throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "expected Mean, Timesteps or Clips");

    /// <summary>The share of the last extraction's time in which the encoder worked, 0 to 1. If it is low, the loader needs more workers.</summary>
    public double BusyShare { get; private set; }

    /// <summary>Computes one feature for each video, in memory.</summary>
    /// <param name="clips">The videos.</param>
    /// <param name="batchSize">Number of videos in a batch, 1 or more.</param>
    /// <param name="progress">Reports the number of videos done, after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches; only features in a file are kept then.</param>
    /// <returns>Features <c>[N, D]</c> on the CPU in the order of the videos, in no dispose scope; the caller owns them.</returns>
    /// <exception cref="ArgumentException">There is no video, the encoder does not take such clips, or both encoder and clips reverse the channels.</exception>
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
    /// After a stop of any kind the same call computes what is missing; with the same batch size, the file is bit-identical to that
    /// of a single run. Before anything is read it is clear that encoder and clips fit and that the disk has room for all features.
    /// </remarks>
    /// <param name="clips">The videos.</param>
    /// <param name="path">The file; its folder is created if necessary.</param>
    /// <param name="batchSize">Number of videos in a batch, 1 or more.</param>
    /// <param name="progress">Reports the number of videos done, those of earlier runs included, at the start and after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The complete file; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There is no video, the encoder does not take such clips, or both encoder and clips reverse the channels.</exception>
    /// <exception cref="FeatureStoreException">The file cannot be written, or holds features of another encoder, other clips or other videos.</exception>
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
            // Whole batches, so that a batch holds the same videos in a resumed run as in one that was never stopped.
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
                // The encoder need not wait for the disk.
                writing.GetAwaiter().GetResult();
                done += videos.Count(missing.Contains);
                progress?.Report(done);
                writing = Task.Run(() => writer.Write(videos, features), CancellationToken.None);
            }
        }

        return FeatureStore.Open(path);
    }

    // A clip of zeros shows the length of a feature, and whether the encoder takes such clips at all.
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
                    throw new ArgumentException($"{nameof(FeatureExtractor)}: expected a batch of the {videos.Length} videos that were asked for, got [{string.Join(", ", batch.Samples)}]", nameof(clips));
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
