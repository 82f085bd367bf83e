using Tclr.Core;
using Tclr.Models.Layers;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>A 3D CNN from clips <c>[N, C, T, H, W]</c> to features <c>[N, F, T']</c>, averaged over space but not over time. Created by <see cref="VideoEncoders"/>.</summary>
/// <remarks>
/// <para>
/// Weights have the original network's names and order, so they can be exchanged both ways. Initialization draws from torch's
/// random generator; <c>torch.manual_seed</c> makes it reproducible.
/// </para>
/// <para>Disposing the encoder disposes its weights.</para>
/// </remarks>
/// <example><code>
/// using var encoder = VideoEncoders.R3D18();
/// using var features = encoder.Encode(clips);             // [N, 3, 16, 112, 112] -> [N, 512, 4]
/// using var pooled = encoder.EncodePooled(clips);         // [N, 3, 16, 112, 112] -> [N, 512]
/// </code></example>
public sealed class VideoEncoder : nn.Module<Tensor, Tensor>, IVideoEncoder
{
    private readonly IReadOnlyList<Layer> layers;
    private readonly IReadOnlyList<Reduction> reductions;
    private readonly int smallestFrame;

    internal VideoEncoder(string name, VideoEncoderOptions options, int features, IReadOnlyList<Layer> layers, IReadOnlyList<Reduction> reductions)
        : base(name)
    {
        Options = options;
        FeatureDimension = features;
        this.layers = layers;
        this.reductions = reductions;
        smallestFrame = reductions.Reverse().Aggregate(1, (pixels, reduction) => reduction.PixelsFor(pixels));
        this.Register(layers);
    }

    /// <summary>The options the encoder was created with.</summary>
    public VideoEncoderOptions Options { get; }

    /// <inheritdoc/>
    public int FeatureDimension { get; }

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder => Options.ChannelOrder;

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <summary>Computes the number of timesteps <c>T'</c> of a clip's features.</summary>
    /// <param name="frames">Number of frames <c>T</c> of the clip, 1 or more.</param>
    /// <returns>The number of timesteps; 0 if the clip is too short.</returns>
    public int TimestepsOf(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        return reductions.Aggregate(frames, (length, reduction) => reduction.TimestepsOf(length));
    }

    /// <summary>Computes the clip lengths that give a number of timesteps.</summary>
    /// <param name="timesteps">Number of timesteps <c>T'</c>, 1 or more.</param>
    /// <returns>The smallest and the largest number of frames.</returns>
    public (int Fewest, int Most) FramesFor(int timesteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timesteps, 1);
        return (Fewest(timesteps), Fewest(timesteps + 1) - 1);

        int Fewest(int count) => reductions.Reverse().Aggregate(count, (length, reduction) => reduction.FramesFor(length));
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor clips) => call(clips);

    /// <summary>Encodes a batch of clips, and checks their number of timesteps.</summary>
    /// <param name="clips">Float clips <c>[N, C, T, H, W]</c>; the caller keeps owning them.</param>
    /// <param name="timesteps">Expected number of timesteps <c>T'</c>, 1 or more.</param>
    /// <returns>Features <c>[N, F, T']</c>, averaged over space; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips have another shape or give another number of timesteps. The message gives the lengths that fit.</exception>
    public Tensor Encode(Tensor clips, int timesteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timesteps, 1);
        CheckClips(clips, nameof(clips));
        int frames = (int)clips.shape[2], found = TimestepsOf(frames);
        if (found != timesteps)
        {
            var (fewest, most) = FramesFor(timesteps);
            throw new ArgumentException(
                FormattableString.Invariant($"{GetName()}: a clip of {frames} frames gives {found} timesteps, expected {timesteps}: use clips of {(fewest == most ? $"{most}" : $"{fewest} to {most}")} frames, or another {nameof(VideoEncoderOptions)}.{nameof(Options.Timesteps)}"),
                nameof(clips));
        }

        return call(clips);
    }

    /// <summary>Encodes a batch of clips to one feature vector each.</summary>
    /// <param name="clips">Float clips <c>[N, C, T, H, W]</c>; the caller keeps owning them.</param>
    /// <returns>Features <c>[N, F]</c>, averaged over space and time; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips have another shape, or are too short or too small.</exception>
    public Tensor EncodePooled(Tensor clips)
    {
        using var scope = NewDisposeScope();
        return call(clips).mean([2]).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes a batch of clips, like <see cref="Encode(Tensor)"/>.</summary>
    /// <param name="input">Float clips <c>[N, C, T, H, W]</c>; the caller keeps owning them.</param>
    /// <returns>Features <c>[N, F, T']</c>, averaged over space; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips have another shape, or are too short or too small.</exception>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return EncodeMap(input).mean([3, 4]).MoveToOuterDisposeScope();                   // [N, F, T', H', W'] -> [N, F, T']
    }

    /// <summary>Encodes a batch of clips without averaging over space.</summary>
    /// <param name="clips">Float clips <c>[N, C, T, H, W]</c>; the caller keeps owning them.</param>
    /// <returns>The last layer's output <c>[N, F, T', H', W']</c>; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The clips have another shape, or are too short or too small.</exception>
    public Tensor EncodeMap(Tensor clips)
    {
        CheckClips(clips, nameof(clips));
        using var scope = NewDisposeScope();
        return layers.Run(ChannelOrder == ChannelOrder.Bgr ? clips.flip(1) : clips).MoveToOuterDisposeScope();
    }

    private void CheckClips(Tensor clips, string parameter)
    {
        TensorCheck.Shape(clips, FormattableString.Invariant($"[N,{Options.InputChannels},T,H,W]"), GetName(), "clips");
        long[] shape = clips.shape;
        int fewest = FramesFor(1).Fewest;
        if (shape[2] < fewest || shape[3] < smallestFrame || shape[4] < smallestFrame)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{GetName()}: expected clips of {fewest} frames and {smallestFrame}x{smallestFrame} pixels or more, got {shape[2]} frames of {shape[3]}x{shape[4]}"),
                parameter);
        }
    }
}
