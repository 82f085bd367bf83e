namespace Tclr.Data;

/// <summary>
/// What each output pixel of one axis is made of, in 22-bit fixed point: the weights that Pillow computes for a picture
/// that has been cropped first, so that both give the same bytes.
/// </summary>
internal sealed class FixedWeights
{
    /// <summary>Number of fractional bits of a weight.</summary>
    public const int Bits = 22;

    /// <summary>Half of 1: added before the fraction is cut off.</summary>
    public const int Half = 1 << (Bits - 1);

    /// <summary>Computes the weights.</summary>
    /// <param name="start">Where the crop starts, in pixels.</param>
    /// <param name="length">How long it is, in pixels.</param>
    /// <param name="size">Number of pixels of the source.</param>
    /// <param name="scaled">Number of pixels that the crop is resized to.</param>
    /// <param name="first">The first of them that is kept.</param>
    /// <param name="outputs">How many are kept.</param>
    /// <param name="filter">The filter.</param>
    public FixedWeights(double start, double length, int size, int scaled, int first, int outputs, ResizeFilter filter)
    {
        From = Math.Clamp((int)Math.Floor(start), 0, size - 1);
        Length = Math.Clamp((int)Math.Ceiling(start + length), From + 1, size) - From;
        double scale = length / scaled, stretch = filter == ResizeFilter.BilinearSharp ? 1 : Math.Max(scale, 1);
        double support = stretch * (filter == ResizeFilter.Bicubic ? 2 : 1);
        int room = Math.Min(((int)Math.Ceiling(support) * 2) + 1, Length);
        Span<double> row = stackalloc double[room];
        var rows = new int[outputs][];
        Starts = new int[outputs];
        for (int i = 0; i < outputs; i++)
        {
            double center = start - From + ((first + i + 0.5) * scale);
            int low = Math.Clamp((int)(center - support + 0.5), 0, Length - 1);
            int taps = Math.Clamp((int)(center + support + 0.5), low + 1, Length) - low;
            double sum = 0;
            for (int x = 0; x < taps; x++)
            {
                row[x] = Weight((x + low - center + 0.5) * (1 / stretch), filter);
                sum += row[x];
            }

            rows[i] = new int[taps];
            for (int x = 0; x < taps; x++)
            {
                double weight = (sum != 0 ? row[x] / sum : 1.0 / taps) * (1 << Bits);
                rows[i][x] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }

            Starts[i] = low;
        }

        Taps = rows.Max(weights => weights.Length);
        Weights = new int[outputs * Taps];
        for (int i = 0; i < outputs; i++)
        {
            // All read as many pixels; those at the end start earlier, with zeros in front.
            int back = Math.Max(Starts[i] + Taps - Length, 0);
            rows[i].CopyTo(Weights, (i * Taps) + back);
            Starts[i] -= back;
        }
    }

    /// <summary>First pixel of the source that is used.</summary>
    public int From { get; }

    /// <summary>Number of pixels of the source that are used.</summary>
    public int Length { get; }

    /// <summary>Number of taps of an output pixel.</summary>
    public int Taps { get; }

    /// <summary>First tap of each output pixel, counted from <see cref="From"/>.</summary>
    public int[] Starts { get; }

    /// <summary>Weights <c>[outputs, Taps]</c>.</summary>
    public int[] Weights { get; }

    private static double Weight(double x, ResizeFilter filter)
    {
        x = Math.Abs(x);
        if (filter != ResizeFilter.Bicubic)
        {
            return Math.Max(1 - x, 0);
        }

        // Keys (1981), a = -0.5.
        return x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1 : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5 : 0;
    }
}
