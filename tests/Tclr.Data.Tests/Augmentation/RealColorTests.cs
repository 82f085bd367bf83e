using System.Numerics;
using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>Color jitter without rounding, against torchvision's formulas for float tensors as loops in double precision.</summary>
public sealed class RealColorTests
{
    private const int Area = 6 * 7;

    [Test]
    public void Each_change_follows_its_formula([Values(0.2f, 0.9f, 1f, 1.8f)] float factor)
        => Assert.Multiple(() =>
        {
            Compare(new RealBrightness(factor), (r, g, b, _) => (factor * r, factor * g, factor * b));
            Compare(new RealSaturation(factor), (r, g, b, _) => (Blend(r, Luma(r, g, b), factor), Blend(g, Luma(r, g, b), factor), Blend(b, Luma(r, g, b), factor)));
            Compare(new RealContrast(factor, clipMean: false), (r, g, b, mean) => (Blend(r, mean, factor), Blend(g, mean, factor), Blend(b, mean, factor)));
        });

    [Test]
    public void Hue_goes_through_HSV([Values(-0.2f, -0.07f, 0f, 0.13f, 0.5f)] float share)
        => Compare(new RealHue(share), (r, g, b, _) =>
        {
            double max = Math.Max(Math.Max(r, g), b), min = Math.Min(Math.Min(r, g), b), range = max - min;
            if (range == 0)
            {
                return (r, g, b);
            }

            double h = max == r ? (g - b) / range : max == g ? 2 + ((b - r) / range) : 4 + ((r - g) / range);
            h = ((h / 6) + share + 2) % 1;
            double Channel(double n)
            {
                double k = (n + (h * 6)) % 6;
                return max - (range * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1)));
            }

            return (Channel(5), Channel(3), Channel(1));
        });

    [Test]
    public void An_eight_bit_change_afterwards_cuts_the_fraction_off()
    {
        using var window = Windows.Noise(2, 6, 7);
        var whole = Pixels.Whole(6, 7, 6, 7);
        float[] real = Run(window, new ClipParameters(whole, ChannelOrder.Rgb, Rounded: true, [new RealBrightness(0.77f)]));
        float[] mirrored = Run(window, new ClipParameters(whole, ChannelOrder.Rgb, Rounded: true, [new RealBrightness(0.77f), new FlipHorizontally()]));
        for (int row = 0; row < real.Length / 7; row++)
        {
            for (int x = 0; x < 7; x++)
            {
                Assert.That(mirrored[(row * 7) + x], Is.EqualTo(MathF.Floor((real[(row * 7) + 6 - x] * 255) + 1e-4f) / 255).Within(1e-6));
            }
        }

        Assert.That(real.Any(value => Math.Abs((value * 255) - MathF.Round(value * 255)) > 0.01), Is.True);
    }

    [Test]
    public void Presets_of_DualVar_do_not_round()
    {
        var changes = Enumerable.Range(0, 200).SelectMany(key => Augmentations.DualVarFineTuning().Draw(24, 32, (ulong)key).Operations).OfType<PixelChange>().ToList();
        Assert.That(changes.OfType<RealHue>(), Is.Not.Empty);
        Assert.That(changes.OfType<BlendChange>(), Is.Empty);
    }

    private static void Compare(RealChange change, Func<double, double, double, double, (double R, double G, double B)> formula)
    {
        using var window = Windows.Noise(2, 6, 7);
        float[] clip = Run(window, new ClipParameters(Pixels.Whole(6, 7, 6, 7), ChannelOrder.Rgb, Rounded: true, [change]));
        for (int t = 0; t < 2; t++)
        {
            byte[] pixels = window.Frame(t).ToArray();
            double mean = Enumerable.Range(0, Area).Average(i => Luma(pixels[i * 3] / 255.0, pixels[(i * 3) + 1] / 255.0, pixels[(i * 3) + 2] / 255.0));
            for (int i = 0; i < Area; i++)
            {
                var (r, g, b) = formula(pixels[i * 3] / 255.0, pixels[(i * 3) + 1] / 255.0, pixels[(i * 3) + 2] / 255.0, mean);
                double[] expected = [Math.Clamp(r, 0, 1), Math.Clamp(g, 0, 1), Math.Clamp(b, 0, 1)];
                Assert.That(Enumerable.Range(0, 3).Select(c => (double)clip[(((c * 2) + t) * Area) + i]), Is.EqualTo(expected).Within(3e-6));
            }
        }
    }

    private static float[] Run(FrameWindow window, ClipParameters parameters)
    {
        float[] clip = new float[3 * 2 * Area];
        ClipExecutor.Run(window, [0, 1], parameters, clip);
        return clip;
    }

    private static double Luma(double r, double g, double b) => (0.2989 * r) + (0.587 * g) + (0.114 * b);

    private static double Blend(double x, double from, double factor) => (factor * x) + ((1 - factor) * from);

    // Also on a processor without this instruction, where Matrix4x4 rounds twice.
    [Test]
    public void Products_of_matrices_round_each_term_once()
    {
        var random = new Random(5);
        for (int run = 0; run < 100; run++)
        {
            Matrix4x4 first = Drawn(), second = Drawn();
            var color = new Vector3(random.NextSingle(), random.NextSingle(), random.NextSingle());

            Assert.That(first.Then(second), Is.EqualTo(Loop(first, second)));
            Assert.That(new Vector4(ColorProduct.Of(color, second), 0), Is.EqualTo(Row(new Vector4(color, 1), second) with { W = 0 }));
        }

        Matrix4x4 Drawn()
        {
            var matrix = default(Matrix4x4);
            for (int i = 0; i < 16; i++)
            {
                matrix[i / 4, i % 4] = (2 * random.NextSingle()) - 1;
            }

            return matrix;
        }

        static Matrix4x4 Loop(Matrix4x4 first, Matrix4x4 second)
        {
            for (int row = 0; row < 4; row++)
            {
                first = first.WithRow(row, Row(first.GetRow(row), second));
            }

            return first;
        }

        static Vector4 Row(Vector4 row, Matrix4x4 matrix)
        {
            var result = Vector4.Zero;
            for (int column = 0; column < 4; column++)
            {
                float sum = row[0] * matrix[0, column];
                for (int k = 1; k < 4; k++)
                {
                    sum = MathF.FusedMultiplyAdd(row[k], matrix[k, column], sum);
                }

                result[column] = sum;
            }

            return result;
        }
    }
}
