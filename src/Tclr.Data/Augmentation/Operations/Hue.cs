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
            PixelLanes.Store(red, ref r, i);
            PixelLanes.Store(green, ref g, i);
            PixelLanes.Store(blue, ref b, i);
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
    private (Vector512<int> Red, Vector512<int> Green, Vector512<int> Blue) Shifted(Vector512<float> r, Vector512<float> g, Vector512<float> b)
    {
        var value = Vector512.MaxNative(Vector512.MaxNative(r, g), b);
        var least = Vector512.MinNative(Vector512.MinNative(r, g), b);
        var range = value - least;
        var one = Vector512<float>.One;
        var saturation = Vector512.Floor(range / Vector512.MaxNative(value, one) * 255f);
        var hue = Hue(r, g, b, value, (value - (r + g + b - value - least)) / Vector512.MaxNative(range, one));

        // Modulo 256; then 0 to 1530, a sixth of the circle being 255.
        hue += Vector512.Create((float)shift);
        hue -= Vector512.GreaterThanOrEqual(hue, Vector512.Create(256f)) & Vector512.Create(256f);
        hue *= 6f;

        // How far the middle channel is from the greatest: it rises in one sixth and falls in the next. With 0.5 added to whole numbers,
        // the rounding of the product does not matter.
        var third = Vector512.Floor((hue + Vector512.Create(0.5f)) * (1f / 510));
        var distance = Vector512.Abs(Vector512.Create(255f) - (hue - (third * 510f)));

        // Numerators are whole numbers below 2^24. A product is exact enough for the first quotient; the second is rounded once. A gray
        // pixel has saturation 0, so that all three are its level.
        var low = Rounded(value * (Vector512.Create(255f) - saturation) * (1f / 255));
        var middle = Rounded(value * (Vector512.Create(65025f) - (saturation * distance)) / 65025f);
        var high = PixelLanes.Truncate(value);

        // Each channel is the least, the middle or the greatest by its distance on the circle; that of red is opposite to it.
        var fromCyan = Vector512.Abs(hue - Vector512.Create(764.5f));
        var fromGreen = Vector512.Abs(hue - Vector512.Create(509.5f));
        var fromBlue = Vector512.Abs(hue - Vector512.Create(1019.5f));
        return (
            Chosen(fromCyan, low, middle, high),
            Chosen(fromGreen, high, middle, low),
            Chosen(fromBlue, high, middle, low));
    }

    // Hue from 0 to 255; middle is the distance of the middle channel from the greatest, as a fraction of the range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Hue(Vector512<float> r, Vector512<float> g, Vector512<float> b, Vector512<float> value, Vector512<float> middle)
    {
        var one = Vector512<float>.One;
        var three = Vector512.Create(3f);

        // Each sixth of the circle as constant plus or minus the middle, so that sums are rounded once, as in Pillow.
        var red = Select(Vector512.GreaterThanOrEqual(g, b), one - middle, middle - one);
        var green = Select(Vector512.GreaterThanOrEqual(r, b), one + middle, three - middle);
        var blue = Select(Vector512.GreaterThanOrEqual(g, r), three + middle, Vector512.Create(5f) - middle);
        var hue = Select(Vector512.Equals(r, value), red, Select(Vector512.Equals(g, value), green, blue)) / 6f;
        hue = Select(Vector512.LessThan(hue, Vector512<float>.Zero), hue + one, hue);

        // trunc(255 hue) of the exact product: where it was rounded up to a whole number, 256 hue - whole < hue shows it.
        var whole = Vector512.Floor(hue * 255f);
        return Select(Vector512.LessThan((hue * 256f) - whole, hue), whole - one, whole);
    }

    // By the distance on the circle: less than a sixth, less than two, or more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Chosen(Vector512<float> distance, Vector512<int> near, Vector512<int> between, Vector512<int> far)
        => Vector512.ConditionalSelect(
            Vector512.LessThan(distance, Vector512.Create(255f)).AsInt32(),
            near,
            Vector512.ConditionalSelect(Vector512.LessThan(distance, Vector512.Create(510f)).AsInt32(), between, far));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Rounded(Vector512<float> x) => PixelLanes.Truncate(x + Vector512.Create(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Select(Vector512<float> condition, Vector512<float> yes, Vector512<float> no) => Vector512.ConditionalSelect(condition, yes, no);

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
