using Tclr.Losses.Kernels.Fused;

namespace Tclr.Losses.Tests;

/// <summary>The vectorized exponential against the one of double precision.</summary>
public sealed class ExponentialTests
{
    [Test]
    public void Single_precision_is_within_two_ulp_over_the_whole_range()
    {
        // Every 997th pattern of bits: all exponents, both signs, subnormal arguments.
        var values = new List<float>();
        for (long bits = 0; bits <= uint.MaxValue; bits += 997)
        {
            values.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        // And densely where the result is neither 0 nor infinite.
        for (float value = -104; value < 89; value += 0.000173f)
        {
            values.Add(value);
        }

        float[] actual = [.. values];
        Exponentials.Replace<float>(actual, 0, []);

        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double exact = Math.Exp(values[i]);
            float expected = (float)exact;
            if (float.IsNaN(expected) || float.IsInfinity(expected) || float.IsInfinity(actual[i]))
            {
                Assert.That(actual[i], Is.EqualTo(expected), $"exp({values[i]:R})");
                continue;
            }

            double ulp = (double)MathF.BitIncrement(expected) - expected;
            worst = Math.Max(worst, Math.Abs(actual[i] - exact) / ulp);
        }

        TestContext.Out.WriteLine(FormattableString.Invariant($"worst error {worst:F3} ulp over {actual.Length} values"));
        Assert.That(worst, Is.LessThan(2));
    }

    [Test]
    public void Special_values([Values(1, 8, 13)] int length)
    {
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 88.72283f, 88.72284f, -87.4f, -103.2789f, -103.28f, -104, float.MaxValue, float.MinValue })
        {
            float[] values = [.. Enumerable.Repeat(value, length)];
            Exponentials.Replace<float>(values, 0, []);
            float expected = (float)Math.Exp(value);
            Assert.That(values, Has.All.EqualTo(expected).Within(2).Ulps, $"{value:R}");
        }
    }

    [Test]
    public void Sums_of_rows_and_columns_in_both_precisions([Values(1, 7, 8, 9, 40, 1001)] int length)
    {
        var random = new Random(length);
        double[] values = [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() * 40) - 30)], columns = [.. values.Select(value => value * value)];
        double[] expected = [.. values.Select(value => Math.Exp(value - 3))];
        float[] singles = [.. values.Select(value => (float)value)], singleColumns = [.. columns.Select(value => (float)value)];
        double[] added = [.. columns];

        double sum = Exponentials.Replace<double>(values, 3, added), single = Exponentials.Replace<float>(singles, 3, singleColumns);

        Assert.Multiple(() =>
        {
            Assert.That(sum, Is.EqualTo(expected.Sum()).Within(1e-12).Percent);
            Assert.That(single, Is.EqualTo(expected.Sum()).Within(1e-3).Percent);
            for (int i = 0; i < length; i++)
            {
                Assert.That(values[i], Is.EqualTo(expected[i]).Within(1e-12).Percent);
                Assert.That(added[i], Is.EqualTo(columns[i] + expected[i]).Within(1e-12).Percent);
                Assert.That(singles[i], Is.EqualTo(expected[i]).Within(1e-3).Percent);
                Assert.That(singleColumns[i], Is.EqualTo(columns[i] + expected[i]).Within(1e-3).Percent);
            }
        });
    }
}
