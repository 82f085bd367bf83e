namespace Tclr.Losses.Tests;

/// <summary>The losses as loops over arrays, written straight from the equations and never optimized.</summary>
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

    /// <summary>Equations 1 and 2: NT-Xent with anchors in the first view only, summed over them.</summary>
    public static double PaperSum(double[][] first, double[][] second, double temperature)
    {
        double total = 0;
        for (int i = 0; i < first.Length; i++)
        {
            double Kernel(double[] other) => Math.Exp(Dot(first[i], other) / temperature);
            double denominator = second.Sum(Kernel) + first.Where((_, j) => j != i).Sum(Kernel);
            total -= Math.Log(Kernel(second[i]) / denominator);
        }

        return total;
    }

    /// <summary>log(1 + exp(min((s_n - s_p) / margin, cap))), mean over videos, anchors and their negatives.</summary>
    public static double ShuffleRank(double[][][] segments, double[][][] shuffled, double margin, double cap)
    {
        double total = 0;
        int count = 0;
        for (int video = 0; video < segments.Length; video++)
        {
            double[][] rows = [.. segments[video], .. shuffled[video]];
            for (int anchor = 0; anchor < rows.Length; anchor++)
            {
                int positive = (anchor + (rows.Length / 2)) % rows.Length;
                for (int other = 0; other < rows.Length; other++)
                {
                    if (other != anchor && other != positive)
                    {
                        double difference = Dot(rows[anchor], rows[other]) - Dot(rows[anchor], rows[positive]);
                        total += Math.Log(1 + Math.Exp(Math.Min(difference / margin, cap)));
                        count++;
                    }
                }
            }
        }

        return total / count;
    }

    /// <summary>NT-Xent with the mean product of all segments of two clips as similarity.</summary>
    public static double TemporalCoherent(double[][][] first, double[][][] second, double temperature)
    {
        double[][][] clips = [.. first, .. second];
        double Similarity(int a, int b) => clips[a].SelectMany(x => clips[b].Select(y => Dot(x, y))).Average() / temperature;
        double total = 0;
        for (int anchor = 0; anchor < clips.Length; anchor++)
        {
            double denominator = Enumerable.Range(0, clips.Length).Where(other => other != anchor).Sum(other => Math.Exp(Similarity(anchor, other)));
            total -= Math.Log(Math.Exp(Similarity(anchor, (anchor + first.Length) % clips.Length)) / denominator);
        }

        return total / clips.Length;
    }

    /// <summary>-log softmax of the key among itself and the queue; shifted by its own similarity, which low temperatures need.</summary>
    public static double MomentumContrast(double[][] queries, double[][] keys, double[][] queue, double temperature)
        => queries.Zip(keys, (q, k) => Math.Log(1 + queue.Sum(n => Math.Exp((Dot(q, n) - Dot(q, k)) / temperature)))).Average();

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
