using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>
/// Shifts the hue of 8-bit HSV: <c>H = trunc(255 h)</c>, then <c>H + Shift mod 256</c>. Equal to Pillow's mixture of single
/// and double precision for each of the 2^24 colors, in single precision alone.
/// </summary>
internal sealed class ShiftHue(byte shift) : PixelChange
{
    /// <summary>The shift, 0 to 255; 256 would be the whole circle.</summary>
    public byte Shift => shift;

    /// <summary>The change for a fraction of the color circle: <c>trunc(255 share)</c>, modulo 256.</summary>
    public static ShiftHue By(double share) => new(unchecked((byte)(int)(share * 255)));

    public override void Apply(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        for (nuint i = 0; i < (nuint)frame.Area; i += PixelLanes.Count)
        {
            var (red, green, blue) = Shifted(PixelLanes.LoadSingle(ref r, i), PixelLanes.LoadSingle(ref g, i), PixelLanes.LoadSingle(ref b, i));
            PixelLanes.Store(PixelLanes.Truncate(red), ref r, i);
            PixelLanes.Store(PixelLanes.Truncate(green), ref g, i);
            PixelLanes.Store(PixelLanes.Truncate(blue), ref b, i);
        }
    }

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        var shifts = TensorLevels.PerClip(changes, change => ((ShiftHue)change).Shift, levels.device);
        Tensor r = levels.select(2, 0), g = levels.select(2, 1), b = levels.select(2, 2);
        var value = Larger(Larger(r, g), b);
        var least = Smaller(Smaller(r, g), b);
        var range = value - least;
        var saturation = TensorLevels.Truncated(range / value.clamp(min: 1) * 255f);
        var hue = HueOf(r, g, b, value, (value - (r + g + b - value - least)) / range.clamp(min: 1)) + shifts.select(2, 0);
        hue = where(hue.ge(256), hue - 256f, hue) * 6f;
        var sixth = TensorLevels.Truncated(TensorLevels.Divided(hue, 255));
        var place = hue - (sixth * 255f);
        sixth = where(sixth.ge(6), sixth - 6f, sixth);

        var p = Rounded(TensorLevels.Divided(value * (255f - saturation), 255));
        var q = Rounded(TensorLevels.Divided(value * (65025f - (saturation * place)), 65025));
        var t = Rounded(TensorLevels.Divided(value * (65025f - (saturation * (255f - place))), 65025));

        // From the last sixth to the first: each takes over below its end.
        var red = Choose(sixth, value, q, p, p, t, value);
        var green = Choose(sixth, t, value, value, q, p, p);
        var blue = Choose(sixth, p, p, t, value, value, q);
        var colored = saturation.ge(1);
        return stack([where(colored, red, value), where(colored, green, value), where(colored, blue, value)], dim: 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<float> Red, Vector256<float> Green, Vector256<float> Blue) Shifted(Vector256<float> r, Vector256<float> g, Vector256<float> b)
    {
        var value = Vector256.Max(Vector256.Max(r, g), b);
        var least = Vector256.Min(Vector256.Min(r, g), b);
        var range = value - least;
        var gray = Vector256.Equals(range, Vector256<float>.Zero);
        var one = Vector256<float>.One;
        var saturation = Vector256.Floor(range / Vector256.Max(value, one) * 255f);
        var hue = Hue(r, g, b, value, (value - (r + g + b - value - least)) / Vector256.Max(range, one));

        // Modulo 256, then the sixth of the circle and the place in it.
        hue += Vector256.Create((float)shift);
        hue -= Vector256.GreaterThanOrEqual(hue, Vector256.Create(256f)) & Vector256.Create(256f);
        hue *= 6f;
        var sixth = Vector256.Floor(hue / 255f);
        var place = hue - (sixth * 255f);
        sixth = Vector256.ConditionalSelect(Vector256.Equals(sixth, Vector256.Create(6f)), Vector256<float>.Zero, sixth);

        // Numerators are integers below 2^24, so each quotient is rounded once.
        var p = Round(value * (Vector256.Create(255f) - saturation) / 255f);
        var q = Round(value * (Vector256.Create(65025f) - (saturation * place)) / 65025f);
        var t = Round(value * (Vector256.Create(65025f) - (saturation * (Vector256.Create(255f) - place))) / 65025f);

        var is0 = Vector256.Equals(sixth, Vector256<float>.Zero);
        var is1 = Vector256.Equals(sixth, one);
        var is2 = Vector256.Equals(sixth, Vector256.Create(2f));
        var is3 = Vector256.Equals(sixth, Vector256.Create(3f));
        var is4 = Vector256.Equals(sixth, Vector256.Create(4f));
        var is5 = Vector256.Equals(sixth, Vector256.Create(5f));
        var red = Select(is1, q, Select(is2 | is3, p, Select(is4, t, value)));
        var green = Select(is0, t, Select(is3, q, Select(is4 | is5, p, value)));
        var blue = Select(is0 | is1, p, Select(is2, t, Select(is5, q, value)));

        // A saturation that rounds to 0 is 0.
        var plain = gray | Vector256.Equals(saturation, Vector256<float>.Zero);
        return (Select(plain, value, red), Select(plain, value, green), Select(plain, value, blue));
    }

    // Hue from 0 to 255; middle is the distance of the middle channel from the greatest, as a fraction of the range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Hue(Vector256<float> r, Vector256<float> g, Vector256<float> b, Vector256<float> value, Vector256<float> middle)
    {
        var isRed = Vector256.Equals(r, value);
        var isGreen = Vector256.AndNot(Vector256.Equals(g, value), isRed);
        var redFirst = Vector256.GreaterThanOrEqual(g, b);
        var greenFirst = Vector256.GreaterThanOrEqual(r, b);
        var blueFirst = Vector256.GreaterThanOrEqual(g, r);

        // Each sixth of the circle as constant plus or minus the middle, so that sums are rounded once, as in Pillow.
        var sixths = Select(
            isRed,
            Select(redFirst, Vector256.Create(1f) - middle, middle - Vector256.Create(1f)),
            Select(
                isGreen,
                Select(greenFirst, Vector256.Create(1f) + middle, Vector256.Create(3f) - middle),
                Select(blueFirst, Vector256.Create(3f) + middle, Vector256.Create(5f) - middle)));
        var hue = sixths / 6f;
        hue += Vector256.LessThan(hue, Vector256<float>.Zero) & Vector256<float>.One;

        // trunc(255 hue) of the exact product: where it was rounded up to a whole number, 256 hue - whole < hue shows it.
        var whole = Vector256.Floor(hue * 255f);
        return whole - (Vector256.LessThan((hue * 256f) - whole, hue) & Vector256<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Round(Vector256<float> x) => Vector256.Floor(x + Vector256.Create(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Select(Vector256<float> condition, Vector256<float> yes, Vector256<float> no) => Vector256.ConditionalSelect(condition, yes, no);

    private static Tensor HueOf(Tensor r, Tensor g, Tensor b, Tensor value, Tensor middle)
    {
        var red = where(g.ge(b), 1f - middle, middle - 1f);
        var green = where(r.ge(b), middle + 1f, 3f - middle);
        var blue = where(g.ge(r), middle + 3f, 5f - middle);
        var hue = TensorLevels.Divided(where(r.ge(value), red, where(g.ge(value), green, blue)), 6);
        hue = where(hue.lt(0), hue + 1f, hue);
        var whole = TensorLevels.Truncated(hue * 255f);
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

    private static Tensor Rounded(Tensor values) => TensorLevels.Truncated(values + 0.5f);

    private static Tensor Larger(Tensor left, Tensor right) => where(left.ge(right), left, right);

    private static Tensor Smaller(Tensor left, Tensor right) => where(left.ge(right), right, left);
}
