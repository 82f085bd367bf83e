namespace Tclr.Evaluation;

/// <summary>Trilinear interpolation of a volume, with values at the centers of the pixels.</summary>
internal static class LinearUpsampling
{
    public static float[] Of(ReadOnlySpan<float> values, (int T, int H, int W) from, (int T, int H, int W) to)
    {
        float[] width = Along(values, from.T * from.H, from.W, 1, to.W);
        float[] height = Along(width, from.T, from.H, to.W, to.H);
        return Along(height, 1, from.T, to.H * to.W, to.T);
    }

    /// <summary>Interpolates the middle axis of <c>[outer, size, inner]</c>.</summary>
    private static float[] Along(ReadOnlySpan<float> values, int outer, int size, int inner, int wanted)
    {
        float[] result = new float[outer * wanted * inner];
        for (int place = 0; place < wanted; place++)
        {
            double position = Math.Clamp(((place + 0.5) * size / wanted) - 0.5, 0, size - 1);
            int below = (int)position, above = Math.Min(below + 1, size - 1);
            float share = (float)(position - below);
            for (int block = 0; block < outer; block++)
            {
                var low = values.Slice(((block * size) + below) * inner, inner);
                var high = values.Slice(((block * size) + above) * inner, inner);
                var target = result.AsSpan(((block * wanted) + place) * inner, inner);
                for (int i = 0; i < inner; i++)
                {
                    target[i] = low[i] + (share * (high[i] - low[i]));
                }
            }
        }

        return result;
    }
}
