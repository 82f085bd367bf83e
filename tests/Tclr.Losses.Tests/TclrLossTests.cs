using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

[NoTensorLeaks]
public sealed class TclrLossTests : ScopedTests
{
    [Test]
    public void The_defaults_are_the_reference()
    {
        var options = new TclrLoss().Options;

        Assert.That(options, Is.EqualTo(new TclrLossOptions
        {
            Convention = TclrLossConvention.Reference,
            InstanceTemperature = 0.1,
            TemporalTemperature = 0.1,
            Kernel = LossKernel.Automatic,
            Instance = true,
            LocalLocal = true,
            GlobalLocal = true,
            InstanceWeight = 1,
            LocalLocalWeight = 1,
            GlobalLocalWeight = 1,
        }));
    }

    [Test]
    public void Any_number_of_versions_follows_the_loops([Values(2, 3)] int v, [Values(2, 4)] int t)
    {
        const double Temperature = 0.2;
        using var embeddings = Embeddings(v, 3, t);
        double[][][] global = Arrays.Cube(embeddings.GlobalPooled);
        double[][][][] locals = ByVersion(embeddings.LocalPooled!), slices = ByVersion(embeddings.GlobalSlices!);

        using var result = new TclrLoss(new TclrLossOptions { InstanceTemperature = Temperature, TemporalTemperature = Temperature }).Compute(embeddings);

        // The reference: all ordered pairs of the V*T local clips, over T.
        double[][][] clips = [.. locals.SelectMany(version => Enumerable.Range(0, t).Select(k => version.Select(video => video[k]).ToArray()))];
        double ic1 = 0;
        for (int a = 0; a < clips.Length; a++)
        {
            for (int b = 0; b < clips.Length; b++)
            {
                ic1 += a == b ? 0 : PlainLoops.NtXent(clips[a], clips[b], Temperature) / t;
            }
        }

        var pairs = (from a in Enumerable.Range(0, v) from b in Enumerable.Range(a + 1, v - a - 1) select (a, b)).ToList();
        var terms = result.Terms.ToDictionary(term => term.Name, term => term.Value.ToDouble(), StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(terms["ic2"], Is.EqualTo(PlainLoops.InstanceContrastive(global, Temperature)).Within(1e-12));
            Assert.That(terms["ic1"], Is.EqualTo(ic1).Within(1e-11));
            Assert.That(terms["local_local"], Is.EqualTo(3 * pairs.Average(p => PlainLoops.LocalLocal(locals[p.a], locals[p.b], Temperature))).Within(1e-12));
            Assert.That(terms["global_local"], Is.EqualTo(slices.Sum(s => locals.Sum(l => PlainLoops.GlobalLocal(s, l, Temperature)))).Within(1e-11));
            Assert.That(result.Total.ToDouble(), Is.EqualTo(terms.Values.Sum()).Within(1e-11));
        });
    }

    [Test]
    public void Two_versions_of_four_clips_weigh_the_mean_pair_14_times()
    {
        using var embeddings = Embeddings(2, 3, 4);
        using var result = new TclrLoss().Compute(embeddings);

        double mean = Functional.InstanceContrastive(embeddings.LocalPooled!.permute(0, 2, 1, 3).reshape(8, 3, 8), 0.1).ToDouble();

        Assert.That(result.Terms[1].Value.ToDouble(), Is.EqualTo(14 * mean).Within(1e-12));
    }

    [TestCase(true, false, false, "ic2,ic1")]
    [TestCase(false, true, false, "local_local")]
    [TestCase(false, false, true, "global_local")]
    [TestCase(true, true, true, "ic2,ic1,local_local,global_local")]
    public void Terms_can_be_switched(bool instance, bool localLocal, bool globalLocal, string names)
    {
        using var embeddings = Embeddings(2, 3, 4);

        using var result = new TclrLoss(new TclrLossOptions { Instance = instance, LocalLocal = localLocal, GlobalLocal = globalLocal }).Compute(embeddings);

        Assert.That(string.Join(',', result.Terms.Select(term => term.Name)), Is.EqualTo(names));
        Assert.That(result.Total.ToDouble(), Is.EqualTo(result.Terms.Sum(term => term.Value.ToDouble())).Within(1e-12));
    }

    [Test]
    public void Weights_scale_the_total_and_not_the_terms()
    {
        using var embeddings = Embeddings(2, 3, 4);
        using var plain = new TclrLoss().Compute(embeddings);
        using var weighted = new TclrLoss(new TclrLossOptions { InstanceWeight = 0, LocalLocalWeight = 0.5, GlobalLocalWeight = 2 }).Compute(embeddings);

        double[] terms = [.. plain.Terms.Select(term => term.Value.ToDouble())];
        Assert.That(weighted.Terms.Select(term => term.Value.ToDouble()), Is.EqualTo(terms));
        Assert.That(weighted.Total.ToDouble(), Is.EqualTo((0.5 * terms[2]) + (2 * terms[3])).Within(1e-12));
    }

    [Test]
    public void The_total_has_a_gradient_and_the_terms_have_none()
    {
        using var embeddings = Embeddings(2, 3, 4, gradient: true);
        using var result = new TclrLoss().Compute(embeddings);

        Assert.That(result.Total.requires_grad, Is.True);
        Assert.That(result.Terms.Select(term => term.Value.requires_grad), Is.All.False);
    }

    [Test]
    public void Local_clips_are_needed()
    {
        using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, null);

        Assert.That(
            () => new TclrLoss().Compute(embeddings),
            Throws.ArgumentException.With.Message.Contains("expected LocalPooled, got none: use a view layout with 2 timesteps or more")
                .And.Property("ParamName").EqualTo("embeddings"));
    }

    [Test]
    public void Slices_are_needed_for_the_global_local_term_only()
    {
        using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, Arrays.UnitRows(2, 2, 3, 4, 8));

        Assert.That(() => new TclrLoss().Compute(embeddings), Throws.ArgumentException.With.Message.Contains("expected GlobalSlices"));
        using var result = new TclrLoss(new TclrLossOptions { GlobalLocal = false }).Compute(embeddings);
        Assert.That(result.Terms, Has.Count.EqualTo(3));
    }

    [Test]
    public void Shapes_must_fit_each_other()
    {
        Assert.Multiple(() =>
        {
            Rejects([2, 3, 8], [2, 3, 4, 8], [2, 4, 4, 8], "expected GlobalPooled [V,B,D] and LocalPooled [V,B,T,D] of the same V, B and D, got [2,3,8] and [2,4,4,8]");
            Rejects([2, 3, 8], [2, 3, 3, 8], [2, 3, 4, 8], "expected GlobalSlices and LocalPooled of one shape [V,B,T,D], got [2,3,3,8] and [2,3,4,8]");
            Rejects([3, 8], [2, 3, 4, 8], [2, 3, 4, 8], "expected GlobalPooled [V,B,D], got [3,8]");
            Rejects([2, 3, 8], [2, 3, 4, 8], [2, 3, 8], "expected LocalPooled [V,B,T,D], got [2,3,8]");
            Rejects([1, 3, 8], [1, 3, 4, 8], [1, 3, 4, 8], "expected LocalPooled with two views or more for the instance and local-local terms, got [1,3,4,8]");
            Rejects([2, 3, 8], [2, 3, 1, 8], [2, 3, 1, 8], "expected LocalPooled with two timesteps or more for the temporal terms, got [2,3,1,8]");
        });

        static void Rejects(long[] global, long[] slices, long[] locals, string message)
        {
            using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, global), Arrays.UnitRows(2, slices), Arrays.UnitRows(3, locals));
            Assert.That(() => new TclrLoss().Compute(embeddings), Throws.ArgumentException.With.Message.Contains(message));
        }
    }

    [Test]
    public void One_version_will_do_for_the_global_local_term()
    {
        using var embeddings = Embeddings(1, 3, 4);

        using var result = new TclrLoss(new TclrLossOptions { Instance = false, LocalLocal = false }).Compute(embeddings);

        double expected = Functional.GlobalLocal(embeddings.GlobalSlices!.select(0, 0), embeddings.LocalPooled!.select(0, 0), 0.1).ToDouble();
        Assert.That(result.Total.ToDouble(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Options_are_checked_together()
    {
        var options = new TclrLossOptions { InstanceTemperature = 0, InstanceWeight = -1, GlobalLocalWeight = double.NaN, Instance = false, LocalLocal = false, GlobalLocal = false };

        Assert.That(
            () => new TclrLoss(options),
            Throws.ArgumentException
                .With.Message.Contains("InstanceTemperature: expected a finite number above 0, got 0")
                .And.Message.Contains("InstanceWeight: expected a finite number of 0 or more, got -1")
                .And.Message.Contains("GlobalLocalWeight: expected a finite number of 0 or more, got NaN")
                .And.Message.Contains("Instance, LocalLocal, GlobalLocal: expected at least one enabled with a weight above 0, got none")
                .And.Property("ParamName").EqualTo("options"));
    }

    [Test]
    public void A_term_must_weigh_something()
    {
        var options = new TclrLossOptions { LocalLocal = false, GlobalLocal = false, InstanceWeight = 0 };

        Assert.That(() => new TclrLoss(options), Throws.InstanceOf<ArgumentException>().With.Message.Contains("a weight above 0"));
    }

    private static TemporalEmbeddings Embeddings(int v, int b, int t, bool gradient = false) => new(
        Arrays.UnitRows(1, v, b, 8).requires_grad_(gradient),
        Arrays.UnitRows(2, v, b, t, 8).requires_grad_(gradient),
        Arrays.UnitRows(3, v, b, t, 8).requires_grad_(gradient));

    private static double[][][][] ByVersion(Tensor embeddings) => [.. Enumerable.Range(0, (int)embeddings.shape[0]).Select(v => Arrays.Cube(embeddings.select(0, v)))];
}
