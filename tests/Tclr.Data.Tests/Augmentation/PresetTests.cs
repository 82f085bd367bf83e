using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>What the presets draw: the operations, how often, and in which ranges.</summary>
public sealed class PresetTests
{
    private const int Draws = 4000;

    [Test]
    public void TCLR_reference_draws_with_the_references_probabilities()
    {
        var all = Drawn(Augmentations.TclrReference());
        double Share(Func<ClipParameters, bool> has) => all.Count(has) / (double)Draws;
        Assert.Multiple(() =>
        {
            Assert.That(Share(p => Has<AdjustContrast>(p)), Is.EqualTo(0.25).Within(0.03));
            Assert.That(Share(p => Has<ShiftHue>(p)), Is.EqualTo(0.3).Within(0.03));
            Assert.That(Share(p => Has<AdjustSaturation>(p)), Is.EqualTo(0.3).Within(0.03));
            Assert.That(Share(p => Has<AdjustBrightness>(p)), Is.EqualTo(0.3).Within(0.03));
            Assert.That(Share(p => Has<ToGray>(p)), Is.EqualTo(0.175).Within(0.03));
            Assert.That(Share(p => Has<AdjustGamma>(p)), Is.EqualTo(0.13125).Within(0.03));
            Assert.That(Share(p => Has<DropChannel>(p)), Is.EqualTo(0.125).Within(0.03));
            Assert.That(Share(p => Has<FlipHorizontally>(p)), Is.EqualTo(0.5).Within(0.03));
            Assert.That(Share(p => Has<Erase>(p)), Is.EqualTo(0.5).Within(0.03));
            Assert.That(all.Any(p => (Has<AdjustGamma>(p) && !Has<ToGray>(p)) || (Has<ToGray>(p) && Has<DropChannel>(p))), Is.False);
            Assert.That(all.Select(p => p.Channels), Is.All.EqualTo(ChannelOrder.Bgr));
        });
    }

    [Test]
    public void TCLR_reference_draws_within_the_references_ranges()
    {
        var all = Drawn(Augmentations.TclrReference());
        var factors = all.SelectMany(p => p.Operations).Select(operation => operation switch
        {
            AdjustContrast c => c.Factor,
            AdjustSaturation s => s.Factor,
            AdjustBrightness b => b.Factor,
            AdjustGamma g => g.Exponent,
            _ => 1,
        }).ToList();
        var shifts = all.SelectMany(p => p.Operations).OfType<ShiftHue>().Select(hue => (int)(sbyte)hue.Shift).ToList();
        var boxes = all.SelectMany(p => p.Operations).OfType<Erase>().ToList();
        var crops = all.Select(p => p.Resize.Box).ToList();
        Assert.Multiple(() =>
        {
            Assert.That((factors.Min(), factors.Max()), Is.EqualTo((0.75, 1.25)).Using<(double, double)>(Close));
            Assert.That((shifts.Min(), shifts.Max()), Is.EqualTo((-25, 25)));
            Assert.That((boxes.Min(e => e.Height), boxes.Max(e => e.Height), boxes.Min(e => e.Width), boxes.Max(e => e.Width)), Is.EqualTo((9, 18, 9, 18)));
            Assert.That((boxes.Min(e => e.Top), boxes.Max(e => e.Top), boxes.Min(e => e.Left), boxes.Max(e => e.Left)), Is.EqualTo((0, 111, 0, 111)));
            Assert.That((crops.Min(box => box.Width), crops.Max(box => box.Width)), Is.EqualTo((144.0, 239.0)));
            foreach (var box in crops)
            {
                // The authors' left edge goes up to 320 - 320 c where the side is 240 c.
                Assert.That(box.Width, Is.EqualTo(box.Height));
                Assert.That(box.X, Is.InRange(0, 320 - (320 * box.Width / 240) + 1));
                Assert.That(box.Y + box.Height, Is.LessThanOrEqualTo(240));
            }
        });

        static bool Close((double Low, double High) a, (double Low, double High) b) => Math.Abs(a.Low - b.Low) < 0.01 && Math.Abs(a.High - b.High) < 0.01;
    }

    [Test]
    public void Contrast_comes_either_first_or_last_of_the_colors()
    {
        var jittered = Drawn(Augmentations.TclrReference()).Where(p => Has<AdjustContrast>(p) && Has<AdjustBrightness>(p)).ToList();
        int first = jittered.Count(p => p.Operations[0] is AdjustContrast);
        Assert.That(first, Is.InRange(0.35 * jittered.Count, 0.65 * jittered.Count));
        foreach (var parameters in jittered.Where(p => p.Operations[0] is not AdjustContrast))
        {
            int at = parameters.Operations.ToList().FindIndex(operation => operation is AdjustContrast);
            Assert.That(parameters.Operations[at - 1], Is.InstanceOf<AdjustBrightness>());
        }
    }

    [Test]
    public void Fine_tuning_is_milder()
    {
        var all = Drawn(Augmentations.TclrFineTuning());
        Assert.Multiple(() =>
        {
            Assert.That(all.Count(p => Has<AdjustContrast>(p)), Is.InRange(0.1 * Draws, 0.15 * Draws));
            Assert.That(all.Count(p => Has<ShiftHue>(p)), Is.InRange(0.12 * Draws, 0.18 * Draws));
            Assert.That(all.Count(p => Has<Erase>(p)), Is.InRange(0.22 * Draws, 0.28 * Draws));
            Assert.That(all.Any(p => Has<DropChannel>(p)), Is.False);
            Assert.That(all.SelectMany(p => p.Operations).OfType<AdjustBrightness>().Select(b => b.Factor), Is.All.InRange(0.9f, 1.1f));
        });
    }

    [Test]
    public void CVRL_treats_its_views_differently()
    {
        var views = (ViewAugmentations)Augmentations.Cvrl(112);
        var first = Drawn(views[0]);
        var second = Drawn(views[1]);
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.All.Matches<ClipParameters>(Has<Blur>));
            Assert.That(first.Any(p => Has<Solarize>(p)), Is.False);
            Assert.That(second.Count(p => Has<Blur>(p)), Is.InRange(0.08 * Draws, 0.12 * Draws));
            Assert.That(second.Count(p => Has<Solarize>(p)), Is.InRange(0.17 * Draws, 0.23 * Draws));
            Assert.That(first.Count(p => Has<AdjustContrast>(p)), Is.InRange(0.77 * Draws, 0.83 * Draws));
            Assert.That(first.SelectMany(p => p.Operations).OfType<AdjustContrast>(), Is.All.Matches<AdjustContrast>(c => c.ClipMean && c.Factor is >= 0.2f and <= 1.8f));
            Assert.That(first.SelectMany(p => p.Operations).OfType<Blur>(), Is.All.Matches<Blur>(b => b.Radius == 5 && b.ZeroPadding));
            foreach (var box in first.Select(p => p.Resize.Box))
            {
                Assert.That(box.Width * box.Height / (240 * 320), Is.InRange(0.295, 1));
                Assert.That(box.Width / box.Height, Is.InRange(0.49, 2.03));
            }
        });
        Assert.That(Augmentations.Cvrl().Height, Is.EqualTo(224));
    }

    [Test]
    public void Jitter_comes_in_any_order()
    {
        var orders = Drawn(Augmentations.Start().Resize(8).ColorJitter(0.1, 0.1, 0.1, 0.1))
            .Select(p => string.Join(' ', p.Operations.Select(operation => operation.GetType().Name))).Distinct(StringComparer.Ordinal);
        Assert.That(orders.Count(), Is.EqualTo(24));
    }

    [Test]
    public void DualVar_leaves_view_zero_plain_sometimes()
    {
        var views = (ViewAugmentations)Augmentations.DualVar();
        var first = Drawn(views[0]);
        var others = Drawn(views[2]);
        Assert.Multiple(() =>
        {
            Assert.That(first.Count(p => Has<Blur>(p)), Is.InRange(0.37 * Draws, 0.43 * Draws));
            Assert.That(others.Count(p => Has<Blur>(p)), Is.InRange(0.47 * Draws, 0.53 * Draws));
            Assert.That(others.Count(p => Has<RealBrightness>(p)), Is.InRange(0.61 * Draws, 0.67 * Draws));
            Assert.That(others.Any(p => Has<FlipHorizontally>(p)), Is.False);
            Assert.That(others.Select(p => (p.Resize.ScaledHeight, p.Resize.ScaledWidth, p.Resize.Height)), Is.All.EqualTo((171, 128, 112)));
            Assert.That((others.Max(p => p.Resize.Top), others.Max(p => p.Resize.Left)), Is.EqualTo((59, 16)));
        });
    }

    [Test]
    public void DualVar_normalizes()
    {
        using var window = Windows.From(40, 50, (_, _, c) => 50 * (c + 1));
        var plain = Augmentations.Start().Resize(128, 171, ResizeFilter.Bicubic).CenterCrop(112).NormalizeImageNet();
        float[] clip = plain.Apply(window);
        float[] means = [0.485f, 0.456f, 0.406f], deviations = [0.229f, 0.224f, 0.225f];
        for (int c = 0; c < 3; c++)
        {
            Assert.That(clip.AsSpan(c * 112 * 112, 112 * 112).ToArray(), Is.All.EqualTo(((50 * (c + 1) / 255f) - means[c]) / deviations[c]).Within(1e-5f));
        }
    }

    [Test]
    public void The_order_of_channels_is_that_of_the_option()
    {
        using var window = Windows.Noise(1, 30, 30);
        float[] rgb = Augmentations.TclrTest(24, ChannelOrder.Rgb).Apply(window), bgr = Augmentations.TclrTest(24).Apply(window);
        Assert.That(bgr[..576], Is.EqualTo(rgb[1152..]));
        Assert.That(bgr[1152..], Is.EqualTo(rgb[..576]));
        Assert.That(bgr[576..1152], Is.EqualTo(rgb[576..1152]));
    }

    [Test]
    public void A_draw_does_not_shift_later_ones()
    {
        var never = Augmentations.Start().Resize(8).Grayscale(0).Gamma(0.5, 2, 0).RandomErasing(1, 8, 0).GaussianBlur(1, 2, 0).Rotate(9, 0).ColorJitter(0.1, 0.1, 0.1, 0.1, 0).Gamma(0.5, 2);
        var always = Augmentations.Start().Resize(8).Grayscale(1).Gamma(0.5, 2, 1).RandomErasing(1, 8, 1).GaussianBlur(1, 2, 1).Rotate(9, 1).ColorJitter(0.1, 0.1, 0.1, 0.1, 1).Gamma(0.5, 2);
        Assert.That(
            ((AdjustGamma)never.Draw(8, 8, 3).Operations.Single()).Exponent,
            Is.EqualTo(((AdjustGamma)always.Draw(8, 8, 3).Operations[^1]).Exponent));
    }

    [Test]
    public void Views_have_their_own_augmentations()
    {
        var gray = Augmentations.Start().Resize(8).Grayscale(1);
        var views = Augmentations.PerView(Augmentations.Start().Resize(8), gray);
        using var window = Windows.Noise(1, 8, 8);
        Assert.Multiple(() =>
        {
            Assert.That(views.ForView(1), Is.SameAs(gray));
            Assert.That(views.ForView(7), Is.SameAs(gray));
            Assert.That(views.Apply(window), Is.EqualTo(views.ForView(0).Apply(window)));
            Assert.That(((IClipAugmentation)gray).ForView(3), Is.SameAs(gray));
            Assert.That(() => Augmentations.PerView(), Throws.ArgumentException);
            Assert.That(() => Augmentations.PerView(gray, Augmentations.Demo(9)), Throws.ArgumentException.With.Message.Contains("9x9"));
            Assert.That(() => Augmentations.PerView(Augmentations.Start()), Throws.ArgumentException);
        });
    }

    [Test]
    public void Ranges_and_order_are_checked()
    {
        var sized = Augmentations.Start().Resize(8);
        Assert.Multiple(() =>
        {
            Assert.That(() => sized.Shift(-0.5).Grayscale(1), Throws.InvalidOperationException.With.Message.Contains("8-bit"));
            Assert.That(() => sized.RandomCrop(9), Throws.InvalidOperationException.With.Message.Contains("8x8"));
            Assert.That(() => sized.RandomCrop(4).CenterCrop(2), Throws.InvalidOperationException);
            Assert.That(() => Augmentations.Start().Draw(8, 8, 1), Throws.InvalidOperationException.With.Message.Contains("Resize"));
            Assert.That(() => sized.Draw(0, 8, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            foreach (Func<ClipAugmentation> wrong in new Func<ClipAugmentation>[]
            {
                () => sized.ColorJitter(2, 0, 0, 0), () => sized.ColorJitter(0, 0, 0, 0.6), () => sized.ColorJitter(0, 0, 0, 0, 2), () => sized.Grayscale(-0.1),
                () => sized.Gamma(0, 1), () => sized.Solarize(256, 1), () => sized.RandomErasing(0, 3), () => sized.RandomErasing(5, 3), () => sized.GaussianBlur(0, 1),
                () => sized.GaussianBlur(1, 2, 1, -1), () => sized.Rotate(181), () => sized.Shear(61), () => sized.RandomApply(1.1, inside => inside), () => sized.HorizontalFlip(double.NaN),
                () => sized.TclrColors(new TclrColorOptions { GrayProbability = 0.7, DropProbability = 0.4 }), () => sized.TclrColors(new TclrColorOptions { HueAmount = 0.6 }),
                () => Augmentations.Start().RandomResizedCrop(0, 1), () => Augmentations.Start().TclrReferenceCrop(0.5, 1.1), () => Augmentations.Start().CenterSquareCrop(0),
                () => sized.Normalize(default, default),
            })
            {
                Assert.That(wrong, Throws.TypeOf<ArgumentOutOfRangeException>());
            }
        });
    }

    [Test]
    public void Any_frame_size_works([Values(1, 2, 3, 7, 50)] int height, [Values(1, 4, 61)] int width)
    {
        using var window = Windows.Noise(1, height, width);
        foreach (var augmentation in new[] { Augmentations.TclrReference(7), Augmentations.TclrPaper(33), (ClipAugmentation)Augmentations.Cvrl(10).ForView(0), (ClipAugmentation)Augmentations.DualVar().ForView(2) })
        {
            for (ulong key = 0; key < 5; key++)
            {
                Assert.That(augmentation.Apply(window, key), Is.All.InRange(-3f, 3f));
            }
        }
    }

    private static List<ClipParameters> Drawn(ClipAugmentation augmentation) => [.. Enumerable.Range(0, Draws).Select(key => augmentation.Draw(240, 320, (ulong)key, 77))];

    private static bool Has<T>(ClipParameters parameters) => parameters.Operations.Any(operation => operation is T);
}
