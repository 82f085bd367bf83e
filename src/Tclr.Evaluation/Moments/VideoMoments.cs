using System.Globalization;
using Tclr.Core;
using Tclr.Data;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Measures an encoder on videos without labels: how often an augmented clip retrieves the moment of the video that it shows.</summary>
/// <remarks>
/// <para>
/// Clips at regular places of a video are its moments. A query shows the frames of a moment after random augmentation. The encoder has
/// to retrieve the moment among those of the query's own video, which needs features that change over time, and among those of all videos,
/// which also needs features that tell videos apart. Nearest is by cosine; of moments at the same distance the first one counts as nearer, so equal features
/// for all clips give exactly <see cref="RecallEstimate.Chance"/>.
/// </para>
/// <para>Measure on videos that were left out of training.</para>
/// </remarks>
/// <example><code>
/// var result = await VideoMoments.MeasureAsync(encoder, heldOut, reader, Augmentations.Evaluation(112), Augmentations.TclrPaper(112));
/// double recall = result.WithinVideo.Recall, chance = result.WithinVideo.Chance;        // 0 to 1
/// </code></example>
public static class VideoMoments
{
    /// <summary>Measures an encoder on videos. Each clip is read and encoded once.</summary>
    /// <param name="encoder">The encoder, which runs in evaluation mode and is unchanged at the end; the caller keeps owning it.</param>
    /// <param name="videos">The videos; long enough for as many different clips as there are moments.</param>
    /// <param name="reader">Decodes the videos.</param>
    /// <param name="moments">The preprocessing of the moments, usually that of evaluation.</param>
    /// <param name="queries">The augmentation of the queries, usually that of training; of an augmentation by view, that of view 0.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports the number of videos done, after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The measures.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, the augmentations differ in size or channel order, or the encoder does not take the clips.</exception>
    /// <exception cref="VideoDataException">Videos are too short, or a video does not decode.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static Task<MomentResult> MeasureAsync(
        IVideoEncoder encoder,
        VideoIndex videos,
        IVideoReader reader,
        IClipAugmentation moments,
        IClipAugmentation queries,
        MomentOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(videos);
        options ??= new MomentOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        var augmentation = new MomentAugmentation(options.Moments, moments, queries);
        if (ChannelOrders.FindMistake(augmentation.ChannelOrder, encoder) is { } mistake)
        {
            throw new ArgumentException($"{nameof(VideoMoments)}: {mistake}", nameof(moments));
        }

        var sampler = new MomentSampler(options);
        int[] middles = Middles(videos, sampler, options);
        var loader = new ClipLoader(videos, reader, sampler, augmentation, options.Loading);
        return OwnThread.RunAsync(() => Measure(encoder, loader, options, progress, cancellationToken) with { MiddleFrames = middles });
    }

    /// <summary>Measures features.</summary>
    /// <param name="moments">Features <c>[V, M, D]</c> of <c>M</c> moments of each video in their order, <c>M</c> even and 4 or more; the caller keeps owning them.</param>
    /// <param name="queries">Features <c>[V, M, D]</c> of their queries, on the same device; the caller keeps owning them.</param>
    /// <param name="cancellationToken">Stops between two videos.</param>
    /// <returns>The measures, without those of timesteps.</returns>
    /// <exception cref="ArgumentException">The features have other or different shapes, or hold NaN or infinite numbers.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static MomentResult Measure(Tensor moments, Tensor queries, CancellationToken cancellationToken = default)
    {
        InputCheck.Finite(moments, "[V,M,D]", nameof(VideoMoments), nameof(moments));
        InputCheck.Finite(queries, "[V,M,D]", nameof(VideoMoments), nameof(queries));
        TensorCheck.SameKind(moments, queries, nameof(VideoMoments));
        if (!moments.shape.SequenceEqual(queries.shape) || moments.shape[0] < 1 || moments.shape[1] < 4 || moments.shape[1] % 2 != 0)
        {
            throw new ArgumentException($"VideoMoments: expected moments and queries of one shape with an even number of 4 moments or more, got [{string.Join(',', moments.shape)}] and [{string.Join(',', queries.shape)}]", nameof(queries));
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return MomentSearch.Run(moments, queries, cancellationToken);
    }

    private static MomentResult Measure(IVideoEncoder encoder, ClipLoader loader, MomentOptions options, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var mode = new EvaluationMode(encoder.Network);
        int videos = loader.SampleCount, shown = Math.Min(options.Examples, videos), done = 0;
        var examples = Enumerable.Range(0, shown).Select(i => (int)(((2L * i) + 1) * videos / (2L * shown))).ToHashSet();
        var pictures = new List<MomentPicture>();
        var parts = new List<Tensor>();
        Tensor? similarity = null;
        foreach (var batch in ClipEncoding.Take(loader.ReadInOrderAsync(options.BatchSize, cancellationToken), cancellationToken))
        {
            using var batchScope = NewDisposeScope();
            foreach (int i in Enumerable.Range(0, batch.Samples.Count).Where(i => examples.Contains(done + i)))
            {
                pictures.AddRange(Enumerable.Range(0, options.Moments).Select(moment
                    => Picture(((done + i) * options.Moments) + moment, batch.Clips[options.Moments + moment, i], loader.ChannelOrder)));
            }

            var slices = ClipEncoding.Encode(encoder, batch.To(ClipEncoding.DeviceOf(encoder)));      // [B, 2M, C, T']
            if (slices.shape[3] > 1)
            {
                var more = TemporalDiversity.Sum(slices.narrow(1, 0, options.Moments).flatten(0, 1));
                similarity = (similarity is null ? more : similarity + more).MoveToOuterDisposeScope();
            }

            var features = options.Pooling == FeaturePooling.Mean ? slices.mean([3]) : slices.flatten(2);
            parts.Add(features.cpu().MoveToOuterDisposeScope());
            done += batch.Samples.Count;
            progress?.Report(done);
        }

        var all = cat(parts, 0);                                                                      // [V, 2M, D]
        return Measure(all.narrow(1, 0, options.Moments).contiguous(), all.narrow(1, options.Moments, options.Moments).contiguous(), cancellationToken) with
        {
            Timesteps = similarity is null ? null : TemporalDiversity.Of(similarity / (videos * options.Moments)),
            Pictures = pictures,
        };
    }

    // The middle frame of each moment. Two moments of the same frames could not be told apart.
    private static int[] Middles(VideoIndex videos, MomentSampler sampler, MomentOptions options)
    {
        var middles = new List<int>();
        var random = CounterRandom.For(0);
        var tooShort = new List<(VideoItem Item, int Frames)>();
        foreach (var (item, info) in videos.Items.Zip(videos.Infos))
        {
            if (info.Frames < options.ClipLength || !IsDistinct(sampler.Plan(info, ref random)))
            {
                tooShort.Add((item, info.Frames));
            }
        }

        if (tooShort.Count > 0)
        {
            var (item, frames) = tooShort.MinBy(video => video.Frames);
            throw new VideoDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{tooShort.Count} of {videos.Items.Count} videos are too short for {options.Moments} different clips of {options.ClipLength} frames with a stride of {options.Stride}; the shortest, '{item.Path}', has {frames} frames. Use fewer moments, shorter clips or a smaller stride, or leave these videos out."));
        }

        return [.. middles];

        bool IsDistinct(ClipPlan plan)
        {
            int[][] clips = [.. plan.Views.Take(options.Moments)];
            middles.AddRange(clips.Select(clip => clip[clip.Length / 2]));
            return clips.Zip(clips.Skip(1)).All(pair => pair.First[0] < pair.Second[0]);
        }
    }

    private static MomentPicture Picture(int query, Tensor clip, ChannelOrder order)
    {
        using var scope = NewDisposeScope();
        var frame = clip.select(1, clip.shape[1] / 2).permute(1, 2, 0);                               // [H, W, 3]
        var (low, high) = (clip.min(), clip.max());
        var scaled = ((frame - low) / (high - low).clamp_min(1e-12) * 255).round().to(ScalarType.Byte);
        byte[] rgb = (order == ChannelOrder.Bgr ? scaled.flip(2) : scaled).contiguous().cpu().data<byte>().ToArray();
        return new MomentPicture(query, rgb, (int)clip.shape[3], (int)clip.shape[2]);
    }
}
