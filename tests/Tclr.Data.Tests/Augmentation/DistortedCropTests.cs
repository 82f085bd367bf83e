using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class DistortedCropTests
{
    private static readonly DistortedCrop Cvrl = new(0.3, 1, 0.5, 2);

    // TensorFlow's rule at 340x256: mean share of the area .503, mean aspect ratio 1.250.
    [Test]
    public void Areas_and_ratios_are_distributed_as_in_TensorFlow()
    {
        const int draws = 100_000;
        double area = 0, ratio = 0;
        for (ulong key = 0; key < draws; key++)
        {
            var random = CounterRandom.For(key);
            var box = Cvrl.Choose(256, 340, ref random);
            area += box.Width * box.Height / (256 * 340);
            ratio += box.Width / box.Height;
        }

        Assert.That(area / draws, Is.EqualTo(0.503).Within(0.5).Percent);
        Assert.That(ratio / draws, Is.EqualTo(1.250).Within(0.5).Percent);
    }

    [TestCase(256, 340, 0.3, 1, 0.5, 2)]
    [TestCase(340, 256, 0.3, 1, 0.5, 2)]
    [TestCase(24, 32, 0.08, 1, 0.75, 1.3333)]
    [TestCase(7, 90, 0.3, 1, 0.5, 2)]
    [TestCase(5, 5, 0.9, 1, 0.9, 1.1)]
    public void Boxes_are_those_of_a_loop_over_the_rule(int height, int width, double lowArea, double highArea, double lowRatio, double highRatio)
    {
        var crop = new DistortedCrop(lowArea, highArea, lowRatio, highRatio);
        for (ulong key = 0; key < 2000; key++)
        {
            CounterRandom random = CounterRandom.For(key), same = CounterRandom.For(key);
            var box = crop.Choose(height, width, ref random);
            Assert.That(box, Is.EqualTo(Expected(height, width, lowArea, highArea, lowRatio, highRatio, ref same)));
            Assert.That(random.NextUInt64(), Is.EqualTo(same.NextUInt64()), "one draw of the clip's stream");
        }
    }

    [Test]
    public void Upper_ends_are_exclusive()
    {
        for (ulong key = 0; key < 5000; key++)
        {
            var random = CounterRandom.For(key);
            var box = Cvrl.Choose(20, 30, ref random);
            Assert.That(box.X + box.Width, box.Width < 30 ? Is.LessThan(30) : Is.EqualTo(30));
            Assert.That(box.Y + box.Height, box.Height < 20 ? Is.LessThan(20) : Is.EqualTo(20));
            Assert.That(box.Width * box.Height, Is.InRange(0.3f * 600, 600));
        }
    }

    [Test]
    public void The_whole_frame_shows_where_nothing_fits()
    {
        var random = CounterRandom.For(1);
        Assert.That(new DistortedCrop(0.9, 1, 0.5, 0.6).Choose(10, 1000, ref random), Is.EqualTo(new CropBox(0, 0, 1000, 10)));
        Assert.That(() => Augmentations.Start().DistortedCrop(0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Augmentations.Start().DistortedCrop(0.3, 1, 2, 0.5), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static CropBox Expected(int height, int width, double lowArea, double highArea, double lowRatio, double highRatio, ref CounterRandom stream)
    {
        var random = CounterRandom.For(stream.NextUInt64());
        for (int attempt = 0; attempt < 100; attempt++)
        {
            float r = (float)(lowRatio + ((highRatio - lowRatio) * random.NextDouble()));
            float least = (float)lowArea * width * height, most = (float)highArea * width * height;
            int Width(int h) => (int)Math.Round((double)(float)(h * r), MidpointRounding.ToEven);
            int low = (int)Math.Round((double)MathF.Sqrt(least / r), MidpointRounding.ToEven);

            // The tallest that fits: searched from below.
            int high = 0;
            for (int h = 1; h <= Math.Min(height, (int)Math.Round((double)MathF.Sqrt(most / r), MidpointRounding.ToEven)); h++)
            {
                high = Width(h) <= width ? h : high;
            }

            int rows = low >= high ? high : low + random.NextInt32(0, high - low + 1);
            if (rows * Width(rows) < least)
            {
                rows++;
            }

            if (rows * Width(rows) > most)
            {
                rows--;
            }

            int columns = Width(rows), area = rows * columns;
            if (area >= least && area <= most && rows <= height && columns <= width && rows > 0 && columns > 0)
            {
                int y = rows == height ? 0 : random.NextInt32(0, height - rows), x = columns == width ? 0 : random.NextInt32(0, width - columns);
                return new CropBox(x, y, columns, rows);
            }
        }

        return new CropBox(0, 0, width, height);
    }
}
