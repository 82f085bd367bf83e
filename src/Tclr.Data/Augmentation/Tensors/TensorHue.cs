using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary><see cref="ShiftHue"/> on tensors, in the arithmetic of <see cref="HueKernel"/>.</summary>
internal static class TensorHue
{
    /// <summary>Shifts the hue of levels <c>[N, T, 3, H, W]</c> by <c>[N, 1, 1, 1, 1]</c>.</summary>
    public static Tensor Apply(Tensor levels, Tensor shift)
    {
        Tensor r = levels.select(2, 0), g = levels.select(2, 1), b = levels.select(2, 2);
        var value = Larger(Larger(r, g), b);
        var least = Smaller(Smaller(r, g), b);
        var range = value - least;
        var saturation = TensorKernels.Truncated(range / value.clamp(min: 1) * 255f);
        var hue = Hue(r, g, b, value, (value - (r + g + b - value - least)) / range.clamp(min: 1)) + shift.select(2, 0);
        hue = where(hue.ge(256), hue - 256f, hue) * 6f;
        var sixth = TensorKernels.Truncated(TensorKernels.Divided(hue, 255));
        var place = hue - (sixth * 255f);
        sixth = where(sixth.ge(6), sixth - 6f, sixth);

        var p = Rounded(TensorKernels.Divided(value * (255f - saturation), 255));
        var q = Rounded(TensorKernels.Divided(value * (65025f - (saturation * place)), 65025));
        var t = Rounded(TensorKernels.Divided(value * (65025f - (saturation * (255f - place))), 65025));

        // From the last sixth to the first: each takes over below its end.
        var red = Choose(sixth, value, q, p, p, t, value);
        var green = Choose(sixth, t, value, value, q, p, p);
        var blue = Choose(sixth, p, p, t, value, value, q);
        var colored = saturation.ge(1);
        return stack([where(colored, red, value), where(colored, green, value), where(colored, blue, value)], dim: 2);
    }

    private static Tensor Hue(Tensor r, Tensor g, Tensor b, Tensor value, Tensor middle)
    {
        var red = where(g.ge(b), 1f - middle, middle - 1f);
        var green = where(r.ge(b), middle + 1f, 3f - middle);
        var blue = where(g.ge(r), middle + 3f, 5f - middle);
        var hue = TensorKernels.Divided(where(r.ge(value), red, where(g.ge(value), green, blue)), 6);
        hue = where(hue.lt(0), hue + 1f, hue);
        var whole = TensorKernels.Truncated(hue * 255f);
        return where(((hue * 256f) - whole).lt(hue), whole - 1f, whole);
    }

    private static Tensor Choose(Tensor sixth, params Tensor[] values)
    {
        var chosen = values[^1];
        for (int i = values.Length - 2; i >= 0; i--)
        {
            chosen = where(sixth.lt(i + 1), values[i], chosen);
        }

        return chosen;
    }

    private static Tensor Rounded(Tensor values) => TensorKernels.Truncated(values + 0.5f);

    private static Tensor Larger(Tensor left, Tensor right) => where(left.ge(right), left, right);

    private static Tensor Smaller(Tensor left, Tensor right) => where(left.ge(right), right, left);
}
