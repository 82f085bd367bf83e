using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>The losses of one term each, and their sum.</summary>
[NoTensorLeaks]
public sealed class LossModuleTests : ScopedTests
{
    [Test]
    public void Each_is_its_function()
    {
        using var embeddings = Embeddings(3);
        Tensor global = embeddings.GlobalPooled, slices = embeddings.GlobalSlices!, locals = embeddings.LocalPooled!;
        int[] versions = [0, 1, 2];
        var pairs = new[] { (0, 1), (0, 2), (1, 2) };

        Assert.Multiple(() =>
        {
            Check(new InstanceContrastiveLoss(0.2), "instance", Functional.InstanceContrastive(global, 0.2).ToDouble());
            Check(
                new LocalLocalLoss(0.2),
                "local_local",
                pairs.Average(pair => Functional.LocalLocal(locals.select(0, pair.Item1), locals.select(0, pair.Item2), 0.2).ToDouble()));
            Check(
                new GlobalLocalLoss(0.2),
                "global_local",
                versions.Average(v => versions.Average(w => Functional.GlobalLocal(slices.select(0, v), locals.select(0, w), 0.2).ToDouble())));
        });

        void Check(ITemporalContrastiveLoss loss, string name, double expected)
        {
            using var result = loss.Compute(embeddings);
            Assert.That(result.Total.requires_grad, Is.True);
            Assert.That(result.Total.ToDouble(), Is.EqualTo(expected).Within(1e-12));
            Assert.That(result.Terms.Single().Name, Is.EqualTo(name));
            Assert.That(result.Terms.Single().Value.ToDouble(), Is.EqualTo(expected).Within(1e-12));
            Assert.That(result.Terms.Single().Value.requires_grad, Is.False);
        }
    }

    [Test]
    public void A_sum_weighs_the_totals_and_reports_all_terms()
    {
        using var embeddings = Embeddings(2);
        var loss = new CombinedLoss((new InstanceContrastiveLoss(), 2), (new LocalLocalLoss(), 0), (new GlobalLocalLoss(), 0.5));

        using var result = loss.Compute(embeddings);

        var terms = result.Terms.ToDictionary(term => term.Name, term => term.Value.ToDouble(), StringComparer.Ordinal);
        Assert.That(terms.Keys, Is.EqualTo(new[] { "instance", "local_local", "global_local" }));
        Assert.That(result.Total.ToDouble(), Is.EqualTo((2 * terms["instance"]) + (0.5 * terms["global_local"])).Within(1e-12));
    }

    [Test]
    public void A_sum_disposes_its_parts()
    {
        using var embeddings = Embeddings(2);
        using var loss = new CombinedLoss((new TclrLoss(new TclrLossOptions { Kernel = LossKernel.Batched }), 1), (new InstanceContrastiveLoss(), 1));

        using var result = loss.Compute(embeddings);                                // leaves index tables, see NoTensorLeaks

        Assert.That(result.Terms, Has.Count.EqualTo(5));
    }

    [Test]
    public void A_sum_checks_its_parts()
    {
        using var embeddings = Embeddings(2);
        Assert.Multiple(() =>
        {
            Assert.That(() => new CombinedLoss(), Throws.ArgumentException.With.Message.Contains("expected at least one loss with a weight above 0, got 0"));
            Assert.That(() => new CombinedLoss((new LocalLocalLoss(), 0)), Throws.ArgumentException.With.Message.Contains("a weight above 0"));
            Assert.That(() => new CombinedLoss((new LocalLocalLoss(), -1)), Throws.ArgumentException.With.Message.Contains("LocalLocalLoss: expected a weight that is finite, 0 or more, got -1"));
            Assert.That(
                () => new CombinedLoss((new LocalLocalLoss(), 1), (new TclrLoss(), 1)).Compute(embeddings),
                Throws.InvalidOperationException.With.Message.Contains("two of the losses have a term 'local_local'"));
        });
    }

    [Test]
    public void Missing_embeddings_are_named()
    {
        using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, null);
        Assert.Multiple(() =>
        {
            Assert.That(() => new LocalLocalLoss().Compute(embeddings), Throws.ArgumentException.With.Message.Contains("LocalLocalLoss: expected LocalPooled, got none"));
            Assert.That(() => new GlobalLocalLoss().Compute(embeddings), Throws.ArgumentException.With.Message.Contains("GlobalLocalLoss: expected GlobalSlices, got none"));
        });
    }

    [Test]
    public void Numbers_are_checked_at_once([Values(0, -1, double.NaN, double.PositiveInfinity)] double temperature)
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new InstanceContrastiveLoss(temperature), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("temperature: expected a finite number above 0"));
            Assert.That(() => new LocalLocalLoss(temperature), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new GlobalLocalLoss(temperature), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => new DualVarLoss(new DualVarLossOptions { Temperature = temperature, RankMargin = temperature }),
                Throws.ArgumentException.With.Message.Contains("Temperature: expected").And.Message.Contains("RankMargin: expected"));
            Assert.That(() => Functional.ShuffleRank(Arrays.UnitRows(1, 2, 2, 4), Arrays.UnitRows(1, 2, 2, 4), temperature), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [TestCase("GlobalPooled", "ic2,ic1,local_local,global_local", "ic2")]
    [TestCase("GlobalSlices", "ic2,ic1,local_local,global_local", "global_local")]
    [TestCase("LocalPooled", "ic2,ic1,local_local,global_local", "ic1,local_local,global_local")]
    public void What_is_not_finite_shows_in_the_terms_that_used_it(string where, string names, string wrong)
    {
        foreach (var kernel in new[] { LossKernel.Batched, LossKernel.Fused })
        {
            foreach (double bad in new[] { double.NaN, double.PositiveInfinity })
            {
                using var embeddings = Embeddings(2);
                var target = where switch { "GlobalPooled" => embeddings.GlobalPooled, "GlobalSlices" => embeddings.GlobalSlices!, _ => embeddings.LocalPooled! };
                using (no_grad())
                {
                    target.view(-1).narrow(0, 5, 1).fill_(bad);
                }

                using var loss = new TclrLoss(new TclrLossOptions { Kernel = kernel });
                using var result = loss.Compute(embeddings);

                Assert.That(string.Join(',', result.Terms.Select(term => term.Name)), Is.EqualTo(names));
                Assert.That(string.Join(',', result.NonFiniteTerms()), Is.EqualTo(wrong), $"{kernel}, {bad}");
                Assert.That(double.IsFinite(result.Total.ToDouble()), Is.False);
            }
        }
    }

    private static TemporalEmbeddings Embeddings(int v) => new(
        Arrays.UnitRows(1, v, 3, 8).requires_grad_(), Arrays.UnitRows(2, v, 3, 4, 8).requires_grad_(), Arrays.UnitRows(3, v, 3, 4, 8).requires_grad_());
}
