using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Changes brightness, contrast, saturation and hue by random amounts in random order (torchvision's <c>ColorJitter</c>).</summary>
    /// <param name="brightness">Largest deviation of the factor from 1, 0 to 1.</param>
    /// <param name="contrast">Largest deviation of the factor from 1, 0 to 1.</param>
    /// <param name="saturation">Largest deviation of the factor from 1, 0 to 1.</param>
    /// <param name="hue">Largest shift either way, as a fraction of the color circle, 0 to 0.5.</param>
    /// <param name="probability">Probability of the whole operation, 0 to 1. The default value is 1.</param>
    /// <param name="clipMean">
    /// Whether contrast is measured from the mean of each channel over all frames of the clip (CVRL). The default value is <see langword="false"/>:
    /// from the mean luma of each frame, rounded half up (Pillow, torchvision).
    /// </param>
    /// <param name="rounded">
    /// Whether each change rounds to 8 bits in Pillow's arithmetic, as torchvision does for images, or computes on real numbers, as it does for
    /// float tensors; an 8-bit operation that follows truncates. The default value is <see langword="true"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation ColorJitter(
        double brightness, double contrast, double saturation, double hue, double probability = 1, bool clipMean = false, bool rounded = true)
    {
        OptionChecker.ThrowIfInvalid(
            check =>
            {
                check.Between(brightness, 0, 1);
                check.Between(contrast, 0, 1);
                check.Between(saturation, 0, 1);
                check.Between(hue, 0, 0.5);
            },
            nameof(brightness));
        return Add(new RandomApply(probability, [new ColorJitter(brightness, contrast, saturation, hue, clipMean, rounded)]));
    }
}

internal sealed class ColorJitter(double brightness, double contrast, double saturation, double hue, bool clipMean, bool rounded) : ClipOperation
{
    public override IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random)
    {
        ClipChange?[] changes =
        [
            brightness > 0 ? Brightness(Factor(brightness, ref random)) : null,
            contrast > 0 ? Contrast(Factor(contrast, ref random)) : null,
            saturation > 0 ? Saturation(Factor(saturation, ref random)) : null,
            hue > 0 ? Hue(random.Uniform(-hue, hue)) : null,
        ];
        random.Shuffle<ClipChange?>(changes);
        return changes.OfType<ClipChange>();
    }

    private ClipChange Brightness(float factor) => rounded ? new AdjustBrightness(factor) : new RealBrightness(factor);

    private ClipChange Contrast(float factor) => rounded ? new AdjustContrast(factor, clipMean) : new RealContrast(factor, clipMean);

    private ClipChange Saturation(float factor) => rounded ? new AdjustSaturation(factor) : new RealSaturation(factor);

    private ClipChange Hue(double share) => rounded ? ShiftHue.By(share) : new RealHue((float)share);

    private static float Factor(double amount, ref CounterRandom random) => (float)random.Uniform(1 - amount, 1 + amount);
}

/// <summary>Blends levels with others: <c>trunc(from + factor (x - from))</c>, clipped, in single precision as in Pillow.</summary>
internal abstract class BlendChange(float factor) : PixelChange
{
    /// <summary>The factor, 0 or more.</summary>
    public float Factor => factor;

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        var factors = TensorLevels.PerClip(changes, change => ((BlendChange)change).Factor, levels.device);
        return TensorLevels.Truncated((From(levels) is { } from ? from + ((levels - from) * factors) : levels * factors).clamp(0, 255));
    }

    /// <summary>The levels that <c>[N, T, 3, H, W]</c> are blended with; <see langword="null"/> for black.</summary>
    protected abstract Tensor? From(Tensor levels);

    /// <summary>Blends levels with one level, by a table.</summary>
    protected void Blend(Span<byte> levels, float from)
    {
        Span<byte> table = stackalloc byte[LevelMap.Levels.Length];
        LevelMap.Levels.CopyTo(table);
        ref byte x = ref MemoryMarshal.GetReference(table);
        var middle = Vector512.Create(from);
        for (nuint i = 0; i < (nuint)table.Length; i += PixelLanes.Count)
        {
            PixelLanes.StoreClipped(middle + ((PixelLanes.LoadSingle(ref x, i) - middle) * factor), ref x, i);
        }

        LevelMap.Apply(table, levels);
    }
}

/// <summary><c>trunc(f x)</c>, clipped.</summary>
internal sealed class AdjustBrightness(float factor) : BlendChange(factor)
{
    public override void Apply(PixelFrame frame) => Blend(frame.All, 0);

    protected override Tensor? From(Tensor levels) => null;
}

/// <summary><c>trunc(m + f (x - m))</c>, clipped, with a mean <c>m</c>.</summary>
internal sealed class AdjustContrast(float factor, bool clipMean = false) : BlendChange(factor)
{
    private readonly float[] means = new float[3];

    public bool ClipMean => clipMean;

    internal override object Kind => (GetType(), clipMean);

    internal override bool NeedsClip => clipMean;

    public override void Apply(PixelFrame frame)
    {
        if (!clipMean)
        {
            Blend(frame.All, MeanLuma(frame));
            return;
        }

        for (int c = 0; c < 3; c++)
        {
            Blend(frame.Padded(c), means[c]);
        }
    }

    internal override void Measure(PixelClip clip)
    {
        for (int c = 0; c < 3; c++)
        {
            long sum = 0;
            for (int t = 0; t < clip.Count; t++)
            {
                sum += PixelLanes.Sum(clip[t][c]);
            }

            means[c] = (float)((double)sum / ((long)clip.Count * clip.Height * clip.Width));
        }
    }

    protected override Tensor From(Tensor levels) => clipMean
        ? levels.mean([1, 3, 4], keepdim: true, type: ScalarType.Float64).to(ScalarType.Float32)
        : TensorLevels.Truncated(TensorLevels.Luma(levels).mean([2, 3], keepdim: true, type: ScalarType.Float64) + 0.5).unsqueeze(2);

    private static int MeanLuma(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        var lanes = Vector512<long>.Zero;
        int i = 0;
        for (; i <= frame.Area - PixelLanes.Count; i += PixelLanes.Count)
        {
            var luma = PixelLanes.Luma(ref r, ref g, ref b, (nuint)i);
            lanes += Vector512.WidenLower(luma) + Vector512.WidenUpper(luma);
        }

        long sum = Vector512.Sum(lanes);
        var rest = i < frame.Area ? PixelLanes.Luma(ref r, ref g, ref b, (nuint)i) : default;
        for (int k = 0; i + k < frame.Area; k++)
        {
            sum += rest[k];
        }

        return (int)(((double)sum / frame.Area) + 0.5);
    }
}

/// <summary><c>trunc(L + f (x - L))</c>, clipped, with the pixel's luma <c>L</c>.</summary>
internal sealed class AdjustSaturation(float factor) : BlendChange(factor)
{
    public override void Apply(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        float f = Factor;
        for (nuint i = 0; i < (nuint)frame.Area; i += PixelLanes.Count)
        {
            var red = PixelLanes.LoadSingle(ref r, i);
            var green = PixelLanes.LoadSingle(ref g, i);
            var blue = PixelLanes.LoadSingle(ref b, i);
            var luma = Vector512.ConvertToSingle(PixelLanes.Luma(red, green, blue));
            PixelLanes.StoreClipped(luma + ((red - luma) * f), ref r, i);
            PixelLanes.StoreClipped(luma + ((green - luma) * f), ref g, i);
            PixelLanes.StoreClipped(luma + ((blue - luma) * f), ref b, i);
        }
    }

    protected override Tensor From(Tensor levels) => TensorLevels.Luma(levels).unsqueeze(2);
}
