using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>The samplers of the published recipes, against indices that the authors' code gives.</summary>
public sealed class RecipeSamplersTests
{
    [TestCase(57, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 52", "48 49 50 51 52 53 54 55 56 55 54 53 52 51 50 49")]
    [TestCase(58, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 52", "48 49 50 51 52 53 54 55 56 57 56 55 54 53 52 51")]
    [TestCase(60, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 52", "48 49 50 51 52 53 54 55 56 57 58 59 58 57 56 55")]
    [TestCase(61, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60", "48 49 50 51 52 53 54 55 56 57 58 59 60 59 58 57")]
    [TestCase(63, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60", "48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 61")]
    [TestCase(64, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60", "48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63")]
    [TestCase(65, "0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60", "48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63")]
    public void TCLR_reference_pads_like_the_reference(int frames, string global, string lastLocal)
    {
        var plan = Plan(ClipSamplers.TclrReference(), frames);
        Assert.Multiple(() =>
        {
            Assert.That(plan.Views, Has.Count.EqualTo(10));
            Assert.That(plan.Views[0], Is.EqualTo(Parse(global)));
            Assert.That(plan.Views[1], Is.EqualTo(Parse(global)));
            for (int version = 0; version < 2; version++)
            {
                for (int j = 0; j < 3; j++)
                {
                    Assert.That(plan.Views[2 + (version * 4) + j], Is.EqualTo(Enumerable.Range(16 * j, 16)));
                }

                Assert.That(plan.Views[5 + (version * 4)], Is.EqualTo(Parse(lastLocal)));
            }
        });
    }

    [Test]
    public void TCLR_reference_drops_short_videos_and_never_draws_the_last_start()
    {
        var sampler = ClipSamplers.TclrReference();
        Assert.That(sampler.MinimumFrames, Is.EqualTo(57));
        Assert.That(() => Plan(sampler, 56), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(Starts(sampler, 70), Is.EquivalentTo(Enumerable.Range(0, 6)));
        Assert.That(Starts(ClipSamplers.Tclr(), 70), Is.EquivalentTo(Enumerable.Range(0, 7)));
    }

    [TestCase(10, 29, "0 1 2 3 4 5 6 7 8 9")]
    [TestCase(10, 40, "0 0 0 0 0 5 6 7 8 9")]
    [TestCase(10, 41, "0 0 0 0 0 0 0 0 0 9")]
    [TestCase(10, 42, "0 0 0 0 0 0 0 0 0 0")]
    [TestCase(10, 43, "0 0 0 0 0 0 0 0 0 1")]
    [TestCase(10, 60, "0 2 4 6 8 10 12 14 16 18")]
    [TestCase(10, 100, "0 6 12 19 25 32 38 45 51 58")]
    [TestCase(10, 164, "0 13 27 40 54 67 81 94 108 122")]
    [TestCase(10, 250, "0 23 46 69 92 115 138 161 184 208")]
    [TestCase(9, 60, "0 2 4 6 9 11 13 15 18")]
    [TestCase(9, 100, "0 7 14 21 29 36 43 50 58")]
    [TestCase(9, 250, "0 26 52 78 104 130 156 182 208")]
    public void TCLR_test_starts_are_the_references(int clips, int frames, string starts)
    {
        var plan = Plan(ClipSamplers.TclrTest(clips), frames);
        Assert.That(plan.Views.Select(view => view[0]), Is.EqualTo(Parse(starts)));
        Assert.That(plan.Views, Is.All.Length.EqualTo(16));
        Assert.That(plan.Frames[^1], Is.LessThan(frames));
    }

    [TestCase(29, 0, "0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 26")]
    [TestCase(29, 9, "9 11 13 15 17 19 21 23 25 27 25 23 21 19 17 15")]
    [TestCase(30, 1, "1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 27")]
    [TestCase(41, 9, "9 11 13 15 17 19 21 23 25 27 29 31 33 35 37 39")]
    public void TCLR_test_pads_like_the_reference(int frames, int clip, string indices)
        => Assert.That(Plan(ClipSamplers.TclrTest(), frames).Views[clip], Is.EqualTo(Parse(indices)));

    [Test]
    public void TCLR_test_needs_more_than_half_of_the_last_clip()
    {
        Assert.That(ClipSamplers.TclrTest().MinimumFrames, Is.EqualTo(26));
        Assert.That(Plan(ClipSamplers.TclrTest(), 26).Views[9], Is.EqualTo(Parse("9 11 13 15 17 19 21 23 25 23 21 19 17 15 13 11")));
        Assert.That(() => Plan(ClipSamplers.TclrTest(), 25), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [TestCase(100, 50, "18 22 26 30 34 38 42 46 50 54 58 62 66 70 74 78")]
    [TestCase(100, 3, "0 0 0 0 0 0 0 0 3 7 11 15 19 23 27 31")]
    [TestCase(100, 99, "67 71 75 79 83 87 91 95 99 99 99 99 99 99 99 99")]
    [TestCase(20, 10, "0 0 0 0 0 0 2 6 10 14 18 19 19 19 19 19")]
    [TestCase(300, 150, "118 122 126 130 134 138 142 146 150 154 158 162 166 170 174 178")]
    public void DualVar_clips_lie_around_their_center(int frames, int center, string indices)
        => Assert.That(DualVarSampler.Around(center, 16, 4, frames), Is.EqualTo(Parse(indices)));

    [Test]
    public void DualVar_shows_the_first_clip_twice_and_reverses_all_together()
    {
        int reversed = 0;
        var centers = new HashSet<int>();
        for (ulong key = 0; key < 400; key++)
        {
            var plan = Plan(ClipSamplers.DualVar(reversal: true), 200, key);
            Assert.That(plan.Views[2], Is.EqualTo(plan.Views[0]));
            bool back = plan.Views[0][0] > plan.Views[0][15];
            Assert.That(plan.Views[1][0] > plan.Views[1][15], Is.EqualTo(back));
            reversed += back ? 1 : 0;
            var random = CounterRandom.For(key);
            random.NextInt32(0, 200);
            random.NextInt32(0, 200);
            Assert.That(back, Is.EqualTo(random.NextDouble() < 0.5));
            var forth = Plan(ClipSamplers.DualVar(), 200, key);
            Assert.That(forth.Views[0], Is.EqualTo(back ? plan.Views[0].Reverse() : plan.Views[0]));
            centers.Add(forth.Views[0][8]);
        }

        Assert.That(reversed, Is.InRange(160, 240));
        Assert.That(centers.Min(), Is.LessThan(5));
        Assert.That(centers.Max(), Is.GreaterThan(194));
    }

    [TestCase(2, 250, "0 24 48 72 96 121 145 169 193 218", 248)]
    [TestCase(2, 100, "0 7 15 22 30 37 45 52 60 68", 98)]
    [TestCase(2, 60, "0 3 6 9 12 15 18 21 24 28", 58)]
    [TestCase(2, 20, "0 0 0 0 0 0 0 0 0 0", 19)]
    [TestCase(4, 250, "0 20 41 62 82 103 124 144 165 186", 246)]
    [TestCase(4, 100, "0 4 8 12 16 20 24 28 32 36", 96)]
    [TestCase(4, 60, "0 0 0 0 0 0 0 0 0 0", 59)]
    public void DualVar_test_clips_are_the_references(int stride, int frames, string starts, int last)
    {
        var plan = Plan(ClipSamplers.DualVarTest(stride: stride), frames);
        Assert.That(plan.Views.Select(view => view[0]), Is.EqualTo(Parse(starts)));
        Assert.That(plan.Views[^1][^1], Is.EqualTo(last));
    }

    [TestCase(220, "0 11 29 64 110 150 198 213")]
    [TestCase(270, "0 13 36 79 135 184 243 261")]
    [TestCase(34, "0 1 4 9 17 23 30 32")]
    [TestCase(1, "0 0 0 0 0 0 0 0")]
    [TestCase(40, "0 2 5 11 20 27 36 38")]
    public void CVRL_intervals_are_quantiles(int starts, string intervals)
    {
        double[] quantiles = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999];
        Assert.That(quantiles.Select(u => CvrlSampler.Interval(starts, u)), Is.EqualTo(Parse(intervals)));
    }

    // At the values of the distribution, where the square root may be off, and just below them.
    [Test]
    public void A_CVRL_interval_is_the_largest_that_the_quantile_allows([Range(1, 30)] int starts)
    {
        foreach (double value in Enumerable.Range(0, starts).Select(Distribution))
        {
            foreach (double quantile in new[] { value, Math.BitDecrement(value) }.Where(q => q >= 0))
            {
                Assert.That(CvrlSampler.Interval(starts, quantile), Is.EqualTo(Enumerable.Range(0, starts).Last(d => Distribution(d) <= quantile)));
            }
        }

        double Distribution(int d) => 1 - ((1 - ((double)d / starts)) * (1 - ((double)d / starts)));
    }

    // Clips of 4 frames with a stride of 3 need 10; 9 frames are too few.
    [TestCase(40)]
    [TestCase(12)]
    [TestCase(10)]
    [TestCase(9)]
    [TestCase(5)]
    public void CVRL_draws_interval_place_and_order(int frames)
    {
        for (ulong key = 0; key < 50; key++)
        {
            var random = CounterRandom.For(key);
            double quantile = random.NextDouble(), place = random.NextDouble();
            bool swap = random.NextDouble() < 0.5;
            int interval = CvrlSampler.Interval(Math.Max(frames - 9, 1), quantile), early = (int)(place * (frames - 9 - interval));
            int[] expected = frames > 9 ? swap ? [early + interval, early] : [early, early + interval] : [(int)(quantile * frames), (int)(place * frames)];

            Assert.That(Plan(ClipSamplers.Cvrl(clipLength: 4, stride: 3), frames, key).Views.Select(view => view[0]), Is.EqualTo(expected));
        }
    }

    [Test]
    public void CVRL_intervals_have_their_density()
    {
        const int starts = 10, draws = 20000;
        int[] intervals = new int[starts];
        int swapped = 0;
        for (ulong key = 0; key < draws; key++)
        {
            var plan = Plan(ClipSamplers.Cvrl(clipLength: 4, stride: 3), starts + 9, key);
            int first = plan.Views[0][0], second = plan.Views[1][0];
            Assert.That(Math.Max(first, second), Is.LessThan(starts));
            intervals[Math.Abs(first - second)]++;
            swapped += first > second ? 1 : 0;
        }

        for (int d = 0; d < starts; d++)
        {
            double share = ((2.0 * (starts - d)) - 1) / (starts * starts);
            Assert.That(intervals[d], Is.EqualTo(draws * share).Within(5 * Math.Sqrt(draws * share)));
        }

        Assert.That(swapped, Is.EqualTo((draws - intervals[0]) / 2).Within(400));
    }

    [Test]
    public void CVRL_wraps_around()
    {
        var starts = new HashSet<int>();
        for (ulong key = 0; key < 500; key++)
        {
            var plan = Plan(ClipSamplers.Cvrl(clipLength: 5, stride: 2), 7, key);
            foreach (int[] view in plan.Views)
            {
                Assert.That(view, Is.EqualTo(Enumerable.Range(0, 5).Select(i => (view[0] + (2 * i)) % 7)));
                starts.Add(view[0]);
            }
        }

        Assert.That(starts, Is.EquivalentTo(Enumerable.Range(0, 7)));
        Assert.That(Plan(ClipSamplers.Cvrl(), 1).Frames.ToArray(), Is.EqualTo(new[] { 0 }));
    }

    [TestCase(100, "0 4 8 12 16 20 24 28 32 36")]
    [TestCase(64, "0 0 0 0 0 0 0 0 0 0")]
    [TestCase(65, "0 0 0 0 0 0 0 0 0 1")]
    [TestCase(30, "0 0 0 0 0 0 0 0 0 0")]
    [TestCase(250, "0 20 41 62 82 103 124 144 165 186")]
    [TestCase(300, "0 26 52 78 104 131 157 183 209 236")]
    public void CVRL_test_clips_are_the_references(int frames, string starts)
    {
        var plan = Plan(ClipSamplers.CvrlTest(), frames);
        Assert.That(plan.Views.Select(view => view[0]), Is.EqualTo(Parse(starts)));
        foreach (int[] view in plan.Views)
        {
            Assert.That(view, Is.EqualTo(Enumerable.Range(0, 32).Select(i => (view[0] + (2 * i)) % frames)));
        }
    }

    [TestCase(100, 18)]
    [TestCase(65, 0)]
    [TestCase(10, 0)]
    public void A_single_CVRL_test_clip_lies_in_the_middle(int frames, int start)
        => Assert.That(Plan(ClipSamplers.CvrlTest(clips: 1), frames).Views.Single()[0], Is.EqualTo(start));

    [TestCase(12, 9)]
    [TestCase(4, 1)]
    [TestCase(3, 3)]
    public void CVRL_fine_tuning_starts_anywhere_and_wraps_around(int frames, int starts)
    {
        var sampler = ClipSamplers.CvrlFineTuning(clipLength: 4, stride: 1);
        Assert.That(Starts(sampler, frames), Is.EquivalentTo(Enumerable.Range(0, starts)));
        int[] view = Plan(sampler, frames).Views.Single();
        Assert.That(view, Is.EqualTo(Enumerable.Range(0, 4).Select(i => (view[0] + i) % frames)));
        Assert.That(Plan(ClipSamplers.CvrlFineTuning(), 500).Views.Single()[31] - Plan(ClipSamplers.CvrlFineTuning(), 500).Views.Single()[0], Is.EqualTo(62));
    }

    [Test]
    public void DualVar_fine_tuning_never_draws_the_last_starts()
    {
        Assert.That(Starts(ClipSamplers.DualVarFineTuning(), 40), Is.EquivalentTo(Enumerable.Range(0, 8)));
        int[] view = Plan(ClipSamplers.DualVarFineTuning(), 40).Views.Single();
        Assert.That(view, Is.EqualTo(Enumerable.Range(0, 16).Select(i => view[0] + (2 * i))));
    }

    [Test]
    public void DualVar_fine_tuning_fills_short_videos_on_either_side()
    {
        string[] seen = [.. Enumerable.Range(0, 200).Select(key => string.Join(' ', Plan(ClipSamplers.DualVarFineTuning(clipLength: 4), 5, (ulong)key).Views.Single())).Distinct(StringComparer.Ordinal)];
        Assert.That(seen, Is.EquivalentTo(new[] { "0 2 4 4", "1 3 4 4", "0 0 2 4", "0 0 1 3" }));
        Assert.That(Plan(ClipSamplers.DualVarFineTuning(), 1).Views.Single(), Is.All.Zero);
        for (ulong key = 0; key < 50; key++)
        {
            var random = CounterRandom.For(key);
            int phase = (int)(random.NextDouble() * 2);
            int[] shown = [.. Enumerable.Range(0, 4).Select(i => phase + (2 * i)).Where(frame => frame < 5)];
            int[] expected = random.NextDouble() < 0.5 ? [.. new int[4 - shown.Length], .. shown] : [.. shown, .. Enumerable.Repeat(4, 4 - shown.Length)];
            Assert.That(Plan(ClipSamplers.DualVarFineTuning(clipLength: 4), 5, key).Views.Single(), Is.EqualTo(expected));
        }
    }

    [Test]
    public void DualVar_fine_tuning_shows_either_phase_of_a_video_as_long_as_a_clip()
        => Assert.That(Starts(ClipSamplers.DualVarFineTuning(clipLength: 4), 8), Is.EquivalentTo([0, 1]));

    [Test]
    public void Random_clips_start_anywhere_that_fits()
    {
        var sampler = ClipSamplers.Random(clips: 2, clipLength: 4, stride: 3);
        Assert.That(sampler.Layout, Is.EqualTo(new ViewLayout(2, 0)));
        var first = new HashSet<int>();
        var second = new HashSet<int>();
        for (ulong key = 0; key < 300; key++)
        {
            var plan = Plan(sampler, 15, key);
            Assert.That(plan.Views[0], Is.EqualTo(Enumerable.Range(0, 4).Select(i => plan.Views[0][0] + (3 * i))));
            first.Add(plan.Views[0][0]);
            second.Add(plan.Views[1][0]);
        }

        Assert.That(first, Is.EquivalentTo(Enumerable.Range(0, 6)));
        Assert.That(second, Is.EquivalentTo(Enumerable.Range(0, 6)));
        Assert.That(Plan(sampler, 6).Views[0], Is.EqualTo(new[] { 0, 3, 4, 1 }));
    }

    [Test]
    public void Ranges_are_checked()
        => Assert.Multiple(() =>
        {
            Assert.That(() => ClipSamplers.TclrReference(clipLength: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.TclrReference(localClips: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.TclrTest(0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("clips"));
            Assert.That(() => ClipSamplers.TclrTest(clipLength: 1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("clipLength"));
            Assert.That(() => ClipSamplers.Cvrl(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.Cvrl(stride: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.DualVar(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.CvrlTest(0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("clips"));
            Assert.That(() => ClipSamplers.CvrlFineTuning(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.DualVarFineTuning(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.DualVarTest(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.Random(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Plan(ClipSamplers.Random(), 15), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Plan(ClipSamplers.Cvrl(), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Plan(ClipSamplers.DualVar(), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Plan(ClipSamplers.DualVarTest(), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        });

    private static int[] Starts(IClipSampler sampler, int frames)
        => [.. Enumerable.Range(0, 300).Select(key => Plan(sampler, frames, (ulong)key).Views[0][0]).Distinct()];

    private static ClipPlan Plan(IClipSampler sampler, int frames, ulong key = 1)
    {
        var random = CounterRandom.For(key);
        return sampler.Plan(TestVideos.Info(frames), ref random);
    }

    private static int[] Parse(string text) => [.. text.Split(' ').Select(int.Parse)];
}
