namespace Tclr.Data.Tests;

/// <summary>Antialiased bilinear resize as four nested loops in double precision, to compare with.</summary>
internal static class NaiveResize
{
    /// <summary>Values <c>[3, height, width]</c> from 0 to 255 of a crop of one frame.</summary>
    public static double[] Run(ReadOnlySpan<byte> frame, int sourceHeight, int sourceWidth, CropBox box, int height, int width)
    {
        double[] result = new double[3 * height * width];
        for (int y = 0; y < height; y++)
        {
            double[] down = Axis(box.Y, box.Height, sourceHeight, height, y);
            for (int x = 0; x < width; x++)
            {
                double[] across = Axis(box.X, box.Width, sourceWidth, width, x);
                for (int c = 0; c < 3; c++)
                {
                    double sum = 0;
                    for (int v = 0; v < sourceHeight; v++)
                    {
                        for (int u = 0; u < sourceWidth; u++)
                        {
                            sum += down[v] * across[u] * frame[(((v * sourceWidth) + u) * 3) + c];
                        }
                    }

                    result[(((c * height) + y) * width) + x] = sum;
                }
            }
        }

        return result;
    }

    private static double[] Axis(double start, double length, int size, int outputs, int output)
    {
        double scale = length / outputs, support = Math.Max(scale, 1), center = start + ((output + 0.5) * scale);
        double[] weights = new double[size];
        for (int x = (int)Math.Floor(start); x < Math.Min(Math.Ceiling(start + length), size); x++)
        {
            weights[x] = Math.Max(0, 1 - (Math.Abs(x + 0.5 - center) / support));
        }

        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
