using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>The shares of a loss add up to the loss, with its terms and its gradient.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class LossShareTests : ScopedTests
{
    private static readonly Dictionary<string, Func<ITemporalContrastiveLoss>> Losses = new(StringComparer.Ordinal)
    {
        ["instance"] = () => new InstanceContrastiveLoss(0.2),
        ["local-local"] = () => new LocalLocalLoss(0.2),
        ["global-local"] = () => new GlobalLocalLoss(0.2),
        ["TCLR"] = () => new TclrLoss(new TclrLossOptions { InstanceTemperature = 0.2, TemporalTemperature = 0.3, InstanceWeight = 0.5, LocalLocalWeight = 2, GlobalLocalWeight = 3 }),
        ["TCLR, batched"] = () => new TclrLoss(new TclrLossOptions { Kernel = LossKernel.Batched }),
        ["TCLR, temporal terms"] = () => new TclrLoss(new TclrLossOptions { Instance = false }),
        ["TCLR, paper"] = () => new TclrLoss(new TclrLossOptions { Convention = TclrLossConvention.Paper }),
        ["TCLR, paper, all timesteps"] = () => new TclrLoss(new TclrLossOptions { Convention = TclrLossConvention.Paper, InstancePairs = TclrInstancePairs.RandomTimesteps }),
        ["DualVar"] = () => new DualVarLoss(),
        ["DualVar without coherence"] = () => new DualVarLoss(new DualVarLossOptions { TemporalCoherence = false }),
        ["MoCo"] = () => new MomentumContrastLoss(new MemoryBank(12, 5, seed: 1)),
        ["DualVar with queues"] = () => new DualVarMomentumLoss(new MemoryBank(12, 5, seed: 1), new MemoryBank(12, 3, seed: 2, segments: 2)),
        ["a sum"] = () => new CombinedLoss((new InstanceContrastiveLoss(0.2), 2), (new Whole(), 0.5)),
    };

    [Test]
    public void Shares_add_up_to_the_loss([ValueSource(nameof(Names))] string name, [Values(1, 2, 3, 6)] int shares)
    {
        var (expected, slope) = Compute(name, 6, (loss, embeddings) => loss.Compute(embeddings));
        var parts = Enumerable.Range(0, shares).Select(share => Compute(name, 6, (loss, embeddings) => loss.ComputeShare(embeddings, share, shares)!)).ToList();

        Assert.That(parts[0].Values.Select(term => term.Name), Is.EqualTo(expected.Select(term => term.Name)));
        Assert.That(expected.Select((_, i) => parts.Sum(part => part.Values[i].Value)), Is.EqualTo(expected.Select(term => term.Value)).Within(1e-12).Percent);
        Assert.That((parts.Select(part => part.Gradient).Aggregate((sum, next) => sum + next) - slope).abs().max().ToDouble(), Is.LessThan(1e-12 * slope.abs().max().ToDouble()));
    }

    [Test]
    public void A_share_is_computed_in_panels()
    {
        // Ten views of 300 videos: their similarities do not fit a panel.
        var (expected, slope) = Compute("TCLR", 300, (loss, embeddings) => loss.Compute(embeddings));
        var (values, gradient) = Compute("TCLR", 300, (loss, embeddings) => loss.ComputeShare(embeddings, 0, 1)!);

        Assert.That(values.Select(term => term.Value), Is.EqualTo(expected.Select(term => term.Value)).Within(1e-10).Percent);
        Assert.That((gradient - slope).abs().max().ToDouble(), Is.LessThan(1e-12 * slope.abs().max().ToDouble()));
    }

    [TestCase("MoCo")]
    [TestCase("DualVar with queues")]
    public void Every_share_takes_all_keys_into_the_queue(string name)
    {
        using var whole = (IDisposable)Losses[name]();
        using var share = (IDisposable)Losses[name]();
        using var embeddings = Embeddings(6);
        ((ITemporalContrastiveLoss)whole).Compute(embeddings);
        ((ITemporalContrastiveLoss)share).ComputeShare(embeddings, 1, 3);

        foreach (var (after, expected) in ((IStatefulLoss)share).SaveState().Zip(((IStatefulLoss)whole).SaveState()))
        {
            Assert.That((after.Value - expected.Value).abs().max().ToDouble(), Is.Zero, after.Key);
        }
    }

    [Test]
    public void A_share_without_gradient_has_the_value()
    {
        using var none = no_grad();
        using var embeddings = Embeddings(4);
        var loss = new InstanceContrastiveLoss();
        double sum = Enumerable.Range(0, 2).Sum(share => loss.ComputeShare(embeddings, share, 2).Total.ToDouble());
        Assert.That(sum, Is.EqualTo(loss.Compute(embeddings).Total.ToDouble()).Within(1e-12));
    }

    private static IEnumerable<string> Names => Losses.Keys;

    private static (List<(string Name, double Value)> Values, Tensor Gradient) Compute(string name, int videos, Func<ITemporalContrastiveLoss, TemporalEmbeddings, LossResult> compute)
    {
        var loss = Losses[name]();
        using var embeddings = Embeddings(videos);
        var inputs = new[] { embeddings.GlobalPooled, embeddings.GlobalSlices!, embeddings.LocalPooled! }.Concat(embeddings.Heads.Values).ToList();
        inputs.ForEach(input => input.requires_grad_(true));
        var result = compute(loss, embeddings);
        result.Total.backward();
        (loss as IDisposable)?.Dispose();
        return ([("total", result.Total.ToDouble()), .. result.Terms.Select(term => (term.Name, term.Value.ToDouble()))], cat([.. inputs.Select(input => (input.grad ?? zeros_like(input)).flatten())], 0));
    }

    // One set for all losses: 2 views of 4 timesteps, and a head whose views the loss counts itself.
    private static TemporalEmbeddings Embeddings(int videos)
    {
        Tensor Unit(uint seed, params long[] shape) => nn.functional.normalize(Golden.Hash(seed, shape), 2, -1).detach();
        return new TemporalEmbeddings(Unit(1, 2, videos, 5), Unit(2, 2, videos, 4, 5), Unit(3, 2, videos, 4, 5))
        {
            Heads = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [PassPlan.SeriesHead] = Unit(4, TestContext.CurrentContext.Test.Name.Contains("queues", StringComparison.Ordinal) ? 3 : 4, videos, 2, 3) },
            Keys = new TemporalEmbeddings(Unit(5, 1, videos, 5), null, null) { Heads = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [PassPlan.SeriesHead] = Unit(6, 1, videos, 2, 3) } },
        };
    }

    /// <summary>A loss without shares.</summary>
    private sealed class Whole : ITemporalContrastiveLoss
    {
        public LossResult Compute(TemporalEmbeddings embeddings)
        {
            using var scope = NewDisposeScope();
            var value = embeddings.GlobalPooled.mean([1]).pow(2).sum();
            return new LossResult(value.MoveToOuterDisposeScope(), [("spread", value.detach().MoveToOuterDisposeScope())]);
        }
    }
}
