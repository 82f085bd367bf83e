using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>
/// A change of levels on real numbers: torchvision's arithmetic on float tensors, from 0 to 255 in single precision, without
/// rounding. An 8-bit change that follows truncates, as <c>ToPILImage</c> does.
/// </summary>
internal abstract class RealChange : PixelChange
{
    /// <summary>Changes the levels of a clip.</summary>
    /// <param name="levels">The levels <c>[3, T, H, W]</c>, from 0 to 255.</param>
    /// <param name="frames">The number of frames <c>T</c>.</param>
    public abstract void ApplyReal(Span<float> levels, int frames);

    public override void Apply(PixelFrame frame) => throw new NotSupportedException("a change of real levels has no 8-bit form");

    /// <summary>Luma, as torchvision computes it for float tensors.</summary>
    protected static float Luma(float red, float green, float blue) => (0.2989f * red) + (0.587f * green) + (0.114f * blue);

    protected static Tensor Luma(Tensor levels)
        => (levels.select(2, 0) * 0.2989f) + (levels.select(2, 1) * 0.587f) + (levels.select(2, 2) * 0.114f);

    protected static float Clipped(float value) => Math.Clamp(value, 0, 255);
}

/// <summary><c>f x + (1 - f) m</c>, clipped.</summary>
internal abstract class RealBlend(float factor) : RealChange
{
    public float Factor => factor;

    /// <summary>The weight of the levels that are blended in.</summary>
    protected float Rest { get; } = (float)(1 - (double)factor);

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        var scaled = levels * TensorLevels.PerClip(changes, change => ((RealBlend)change).Factor, levels.device);
        return (From(levels) is { } from ? scaled + (from * TensorLevels.PerClip(changes, change => ((RealBlend)change).Rest, levels.device)) : scaled).clamp(0, 255);
    }

    /// <summary>The levels that <c>[N, T, 3, H, W]</c> are blended with; <see langword="null"/> for black.</summary>
    protected abstract Tensor? From(Tensor levels);
}

internal sealed class RealBrightness(float factor) : RealBlend(factor)
{
    public override void ApplyReal(Span<float> levels, int frames)
    {
        foreach (ref float level in levels)
        {
            level = Clipped(level * Factor);
        }
    }

    protected override Tensor? From(Tensor levels) => null;
}

/// <summary>Around the mean luma of each frame, or the mean of each channel over the clip.</summary>
internal sealed class RealContrast(float factor, bool clipMean) : RealBlend(factor)
{
    internal override object Kind => (GetType(), clipMean);

    public override void ApplyReal(Span<float> levels, int frames)
    {
        int plane = levels.Length / 3, area = plane / frames;
        for (int part = 0; part < (clipMean ? 3 : frames); part++)
        {
            double sum = 0;
            if (clipMean)
            {
                var channel = levels.Slice(part * plane, plane);
                foreach (float level in channel)
                {
                    sum += level;
                }

                Blend(channel, (float)(sum / plane));
                continue;
            }

            int start = part * area;
            for (int i = start; i < start + area; i++)
            {
                sum += Luma(levels[i], levels[plane + i], levels[(2 * plane) + i]);
            }

            for (int c = 0; c < 3; c++)
            {
                Blend(levels.Slice((c * plane) + start, area), (float)(sum / area));
            }
        }
    }

    protected override Tensor From(Tensor levels) => clipMean
        ? levels.mean([1, 3, 4], keepdim: true, type: ScalarType.Float64).to(ScalarType.Float32)
        : Luma(levels).mean([2, 3], keepdim: true, type: ScalarType.Float64).to(ScalarType.Float32).unsqueeze(2);

    private void Blend(Span<float> levels, float middle)
    {
        float rest = middle * Rest;
        foreach (ref float level in levels)
        {
            level = Clipped((level * Factor) + rest);
        }
    }
}

/// <summary>Around each pixel's luma.</summary>
internal sealed class RealSaturation(float factor) : RealBlend(factor)
{
    public override void ApplyReal(Span<float> levels, int frames)
    {
        int plane = levels.Length / 3;
        for (int i = 0; i < plane; i++)
        {
            ref float r = ref levels[i], g = ref levels[plane + i], b = ref levels[(2 * plane) + i];
            float rest = Luma(r, g, b) * Rest;
            (r, g, b) = (Clipped((r * Factor) + rest), Clipped((g * Factor) + rest), Clipped((b * Factor) + rest));
        }
    }

    protected override Tensor From(Tensor levels) => Luma(levels).unsqueeze(2);
}

/// <summary>Shifts the hue of HSV by a fraction of the color circle.</summary>
internal sealed class RealHue(float share) : RealChange
{
    private float Share => share;

    public override void ApplyReal(Span<float> levels, int frames)
    {
        int plane = levels.Length / 3;
        for (int i = 0; i < plane; i++)
        {
            ref float r = ref levels[i], g = ref levels[plane + i], b = ref levels[(2 * plane) + i];
            float value = Math.Max(Math.Max(r, g), b), range = value - Math.Min(Math.Min(r, g), b);
            float saturation = range / (range > 0 ? value : 1), divisor = range > 0 ? range : 1;
            float red = (value - r) / divisor, green = (value - g) / divisor, blue = (value - b) / divisor;
            float hue = r == value ? blue - green : g == value ? 2 + red - blue : 4 + green - red;
            hue = ((hue / 6) + 1) % 1;
            hue += share;
            hue = (hue - MathF.Floor(hue)) * 6;
            float sixth = MathF.Floor(hue), place = hue - sixth;
            float p = Clipped(value * (1 - saturation)), q = Clipped(value * (1 - (saturation * place))), t = Clipped(value * (1 - (saturation * (1 - place))));
            (r, g, b) = ((int)sixth % 6) switch
            {
                0 => (value, t, p),
                1 => (q, value, p),
                2 => (p, value, t),
                3 => (p, q, value),
                4 => (t, p, value),
                _ => (value, p, q),
            };
        }
    }

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        var shares = TensorLevels.PerClip(changes, change => ((RealHue)change).Share, levels.device).select(2, 0);
        Tensor r = levels.select(2, 0), g = levels.select(2, 1), b = levels.select(2, 2);
        var value = levels.amax([2]);
        var range = value - levels.amin([2]);
        var one = ones_like(value);
        var saturation = range / where(range.gt(0), value, one);
        var divisor = where(range.gt(0), range, one);
        Tensor red = (value - r) / divisor, green = (value - g) / divisor, blue = (value - b) / divisor;
        var hue = where(r.eq(value), blue - green, where(g.eq(value), red + 2f - blue, green + 4f - red));
        hue = TensorLevels.Divided(hue, 6) + 1f;
        hue = hue - hue.floor() + shares;
        hue = (hue - hue.floor()) * 6f;
        var sixth = hue.floor();
        var place = hue - sixth;
        sixth = where(sixth.ge(6), sixth - 6f, sixth);
        var p = (value * (1f - saturation)).clamp(0, 255);
        var q = (value * (1f - (saturation * place))).clamp(0, 255);
        var t = (value * (1f - (saturation * (1f - place)))).clamp(0, 255);
        return stack([Choose(value, q, p, p, t, value), Choose(t, value, value, q, p, p), Choose(p, p, t, value, value, q)], dim: 2);

        Tensor Choose(params Tensor[] values)
        {
            var chosen = values[^1];
            for (int i = values.Length - 2; i >= 0; i--)
            {
                chosen = where(sixth.lt(i + 1), values[i], chosen);
            }

            return chosen;
        }
    }
}
