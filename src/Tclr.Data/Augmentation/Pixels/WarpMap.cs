namespace Tclr.Data;

/// <summary>For each output pixel of a <see cref="Warp"/>, four pixels and their weights, which add up to 1 or, at the rim, to less.</summary>
internal sealed class WarpMap
{
    /// <summary>Number of fractional bits of a weight.</summary>
    public const int Bits = 16;

    /// <summary>Computes the map.</summary>
    public WarpMap(Warp warp, int height, int width)
    {
        Places = new int[height * width * 4];
        Weights = new int[height * width * 4];
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double dx = x - middleX, dy = y - middleY;
                double u = middleX + (warp.XX * dx) + (warp.XY * dy), v = middleY + (warp.YX * dx) + (warp.YY * dy);
                if (u <= -1 || v <= -1 || u >= width || v >= height)
                {
                    continue;
                }

                Fill(((y * width) + x) * 4, u, v, height, width);
            }
        }
    }

    /// <summary>Places of the four pixels <c>[height * width, 4]</c>.</summary>
    public int[] Places { get; }

    /// <summary>Their weights <c>[height * width, 4]</c>.</summary>
    public int[] Weights { get; }

    /// <summary>Moves the pixels of a plane.</summary>
    public void Run(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int sum = 1 << (Bits - 1);
            for (int k = i * 4; k < (i * 4) + 4; k++)
            {
                sum += source[Places[k]] * Weights[k];
            }

            target[i] = (byte)(sum >> Bits);
        }
    }

    private void Fill(int at, double u, double v, int height, int width)
    {
        const int one = 1 << (Bits / 2);
        int x = (int)Math.Floor(u), y = (int)Math.Floor(v);
        int across = (int)Math.Round((u - x) * one), down = (int)Math.Round((v - y) * one);
        for (int k = 0; k < 4; k++)
        {
            int px = x + (k & 1), py = y + (k >> 1);
            if (px >= 0 && px < width && py >= 0 && py < height)
            {
                Places[at + k] = (py * width) + px;
                Weights[at + k] = ((k & 1) == 0 ? one - across : across) * (k >> 1 == 0 ? one - down : down);
            }
        }
    }
}
