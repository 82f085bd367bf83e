namespace Tclr.Losses.Tests;

/// <summary>The losses as loops over arrays, written straight from the equations and never optimised.</summary>
internal static class PlainLoops
{
    /// <summary>-log( exp(s(z, z+) / tau) / sum over all rows but the anchor itself ), mean over the anchors of both views.</summary>
    public static double NtXent(double[][] first, double[][] second, double temperature)
    {
        double[][] rows = [.. first, .. second];
        double total = 0;
        for (int anchor = 0; anchor < rows.Length; anchor++)
        {
            int positive = (anchor + first.Length) % rows.Length;
            double denominator = 0;
            for (int other = 0; other < rows.Length; other++)
            {
                if (other != anchor)
                {
                    denominator += Math.Exp(Dot(rows[anchor], rows[other]) / temperature);
                }
            }

            total -= Math.Log(Math.Exp(Dot(rows[anchor], rows[positive]) / temperature) / denominator);
        }

        return total / rows.Length;
    }

    public static double InstanceContrastive(double[][][] views, double temperature)
    {
        var pairs = from a in Enumerable.Range(0, views.Length)
                    from b in Enumerable.Range(a + 1, views.Length - a - 1)
                    select NtXent(views[a], views[b], temperature);
        return pairs.Average();
    }

    public static double LocalLocal(double[][][] first, double[][][] second, double temperature)
        => first.Zip(second, (a, b) => NtXent(a, b, temperature)).Average();

    /// <summary>Per video: -log softmax of the diagonal along rows and along columns; the sum over all, over 2B.</summary>
    public static double GlobalLocal(double[][][] slices, double[][][] locals, double temperature)
    {
        double total = 0;
        for (int video = 0; video < slices.Length; video++)
        {
            double[][] g = slices[video], l = locals[video];
            for (int t = 0; t < g.Length; t++)
            {
                double match = Math.Exp(Dot(g[t], l[t]) / temperature);
                total -= Math.Log(match / l.Sum(other => Math.Exp(Dot(g[t], other) / temperature)));
                total -= Math.Log(match / g.Sum(other => Math.Exp(Dot(other, l[t]) / temperature)));
            }
        }

        return total / (2 * slices.Length);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
