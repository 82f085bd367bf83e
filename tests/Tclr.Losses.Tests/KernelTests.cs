using FsCheck;
using FsCheck.Fluent;
using Tclr.Benchmarks;
using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>All kernels give the same, for shapes and temperatures nobody chose.</summary>
[NoTensorLeaks]
public sealed class KernelTests : ScopedTests
{
    /// <summary>A problem: versions, videos, timesteps, dimension, temperature and the seed of the embeddings.</summary>
    private sealed record Problem(int V, int B, int T, int D, double Temperature, uint Seed)
    {
        private static readonly Gen<double> Temperatures = Gen.Elements(0.005, 0.02, 0.07, 0.1, 0.5, 1, 10);

        public static Arbitrary<Problem> Any { get; } = (
            from v in Gen.Choose(2, 4)
            from b in Gen.Choose(1, 7)
            from t in Gen.Choose(2, 6)
            from d in Gen.Choose(1, 40)
            from temperature in Temperatures
            from seed in Gen.Choose(0, 1_000_000)
            select new Problem(v, b, t, d, temperature, (uint)seed)).ToArbitrary();

        /// <summary>Relative tolerance; similarities, and with them their rounding, grow with the inverse of the temperature.</summary>
        public double Tolerance => 1e-12 * Math.Max(1, 0.1 / Temperature);

        public Tensor Rows(uint salt, params long[] shape) => Arrays.UnitRows(Seed + (1000003 * salt), shape);
    }

    [Test]
    public void Nt_xent() => Agree((p, kernel) => (views => Functional.NtXent(views.select(0, 0), views.select(0, 1), p.Temperature, kernel: kernel), [2, p.B, p.D]));

    [Test]
    public void Instance_contrastive() => Agree((p, kernel) => (views => Functional.InstanceContrastive(views, p.Temperature, kernel: kernel), [p.V, p.B, p.D]));

    [Test]
    public void Local_local() => Agree((p, kernel) => (z => Functional.LocalLocal(z.select(0, 0), z.select(0, 1), p.Temperature, kernel: kernel), [2, p.B, p.T, p.D]));

    [Test]
    public void Global_local() => Agree((p, kernel) => (z => Functional.GlobalLocal(z.select(0, 0), z.select(0, 1), p.Temperature, kernel: kernel), [2, p.B, p.T, p.D]));

    [Test]
    public void Sums_agree_as_well()
        => Agree((p, kernel) => (
            z => Functional.NtXent(z.select(0, 0).flatten(0, 1), z.select(0, 1).flatten(0, 1), p.Temperature, nn.Reduction.Sum, kernel)
                + Functional.InstanceContrastive(z.flatten(1, 2), p.Temperature, nn.Reduction.Sum, kernel)
                + Functional.LocalLocal(z.select(0, 0), z.select(0, 1), p.Temperature, nn.Reduction.Sum, kernel)
                + Functional.GlobalLocal(z.select(0, 0), z.select(0, 1), p.Temperature, nn.Reduction.Sum, kernel),
            [2, p.B, p.T, p.D]));

    [Test]
    public void The_whole_loss_in_both_conventions([Values] TclrLossConvention convention, [Range(1, 7)] int terms)
    {
        bool instance = (terms & 1) != 0, localLocal = (terms & 2) != 0, globalLocal = (terms & 4) != 0;
        ForAll(10, problem =>
        {
            int v = convention == TclrLossConvention.Paper ? 2 : problem.V;
            var options = new TclrLossOptions
            {
                Convention = convention,
                Instance = instance,
                LocalLocal = localLocal,
                GlobalLocal = globalLocal,
                InstanceTemperature = problem.Temperature,
                TemporalTemperature = 0.3,
                InstanceWeight = 0.7,
                LocalLocalWeight = 1.3,
                GlobalLocalWeight = 0.4,
            };
            Tensor[] leaves = Leaves(problem, v);
            var batched = Compute(options with { Kernel = LossKernel.Batched }, leaves);
            var fused = Compute(options with { Kernel = LossKernel.Fused }, leaves);

            Assert.That(fused.Terms.Keys, Is.EqualTo(batched.Terms.Keys));
            foreach (var (name, value) in batched.Terms)
            {
                Assert.That(fused.Terms[name], Is.EqualTo(value).Within(problem.Tolerance * Math.Max(1, value)), $"{name} of {problem}");
            }

            Near(fused.Total, batched.Total, fused.Gradients, batched.Gradients, problem);
        });
    }

    [Test]
    public void The_structure_of_the_reference_gives_the_same([Values] LossKernel kernel)
        => ForAll(20, problem =>
        {
            Tensor[] leaves = Leaves(problem, 2);
            var options = new TclrLossOptions { InstanceTemperature = problem.Temperature, TemporalTemperature = problem.Temperature, Kernel = kernel };
            var ours = Compute(options, leaves);
            var (total, gradients) = ValueAndGradients(leaves, () =>
            {
                using var embeddings = Embeddings(leaves);
                return NaiveTclr.Total(embeddings, problem.Temperature);
            });

            Near(ours.Total, total, ours.Gradients, gradients, problem);
        });

    [Test]
    public void Panels_of_rows_change_nothing([Values(2, 3)] int views)
    {
        // Larger than a panel: several of them, the last one smaller.
        var z = Arrays.UnitRows(5, views, 3000 / views, 3);
        var batched = ValueAndGradients([z.requires_grad_()], () => Functional.InstanceContrastive(z, 0.1, kernel: LossKernel.Batched));
        var fused = ValueAndGradients([z], () => Functional.InstanceContrastive(z, 0.1, kernel: LossKernel.Fused));

        Assert.That(fused.Value, Is.EqualTo(batched.Value).Within(1e-12 * batched.Value));
        Assert.That((fused.Gradients[0] - batched.Gradients[0]).abs().max().ToDouble(), Is.LessThan(1e-14));
    }

    [Test]
    public void A_pair_of_views_in_parts_changes_nothing([Values] TclrLossConvention convention)
    {
        // Views so large that the similarities of one pair are computed in several parts, the last one smaller.
        var problem = new Problem(2, 1100, 2, 3, 0.1, 9);
        Tensor[] leaves = Leaves(problem, 2);
        var options = new TclrLossOptions { Convention = convention, Kernel = LossKernel.Batched };
        var batched = Compute(options, leaves);
        var fused = Compute(options with { Kernel = LossKernel.Fused }, leaves);

        Near(batched.Total, fused.Total, batched.Gradients, fused.Gradients, problem);
    }

    [Test]
    public void One_loss_serves_batches_of_any_shape_and_type()
    {
        using var loss = new TclrLoss(new TclrLossOptions { Kernel = LossKernel.Batched });
        var problem = new Problem(2, 3, 2, 4, 0.1, 4);
        foreach (var (videos, timesteps, type) in new[] { (3, 2, ScalarType.Float64), (5, 2, ScalarType.Float64), (5, 4, ScalarType.Float64), (5, 4, ScalarType.Float32), (3, 2, ScalarType.BFloat16), (3, 2, ScalarType.Float64) })
        {
            Tensor[] leaves = [.. Leaves(problem with { B = videos, T = timesteps }, 2).Select(leaf => leaf.detach().to(type).requires_grad_())];
            var batched = Compute(loss, leaves);
            var fused = Compute(new TclrLossOptions { Kernel = LossKernel.Fused }, leaves);

            Assert.That(batched.Total, Is.EqualTo(fused.Total).Within(type == ScalarType.Float64 ? 1e-12 : 1e-5).Percent, $"{videos}, {timesteps}, {type}");
            Assert.That(leaves[1].grad!.dtype, Is.EqualTo(type));
        }
    }

    [Test]
    public void The_number_of_operators_depends_neither_on_videos_nor_on_timesteps()
    {
        using var loss = new TclrLoss(new TclrLossOptions { Kernel = LossKernel.Batched });
        long Created(int videos, int timesteps)
        {
            using var scope = NewDisposeScope();
            Tensor[] leaves = Leaves(new Problem(2, videos, timesteps, 8, 0.1, 1), 2);
            using var embeddings = Embeddings(leaves);
            loss.Compute(embeddings).Dispose();                                     // makes the index tables
            var statistics = DisposeScopeManager.Statistics.TensorStatistics;
            long before = statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount;
            loss.Compute(embeddings).Dispose();
            statistics = DisposeScopeManager.Statistics.TensorStatistics;
            return statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount - before;
        }

        long few = Created(2, 2);

        // Each makes a tensor, and so do about as many views, which launch nothing.
        Assert.That(few, Is.AtMost(90));
        Assert.That(Created(40, 2), Is.EqualTo(few));
        Assert.That(Created(3, 8), Is.EqualTo(few));
    }

    [Test]
    public void Gradients_are_slopes([Values] LossKernel kernel)
        => ForAll(8, problem =>
        {
            Tensor[] leaves = Leaves(problem with { B = Math.Min(problem.B, 2), D = Math.Min(problem.D, 3), Temperature = 0.5 }, 2);
            using var loss = new TclrLoss(new TclrLossOptions { Kernel = kernel, InstanceTemperature = 0.5, TemporalTemperature = 0.7 });
            var gradients = Compute(loss, leaves).Gradients;
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                var at = leaves[leaf].detach();
                double[] values = at.data<double>().ToArray(), slopes = gradients[leaf].data<double>().ToArray();
                int entry = (int)(problem.Seed % values.Length);
                double Value(double moved)
                {
                    double[] changed = [.. values];
                    changed[entry] = moved;
                    using var none = no_grad();
                    return Compute(loss, [.. leaves.Select((other, i) => i == leaf ? tensor(changed, other.shape) : other.detach())]).Total;
                }

                const double H = 1e-5;
                double slope = (Value(values[entry] + H) - Value(values[entry] - H)) / (2 * H);
                Assert.That(slopes[entry], Is.EqualTo(slope).Within(1e-6 * Math.Max(1, Math.Abs(slope))), $"leaf {leaf}, entry {entry} of {problem}");
            }
        });

    [Test]
    public void A_better_positive_costs_less([Values] LossKernel kernel)
        => ForAll(30, problem =>
        {
            var first = problem.Rows(1, problem.B + 1, problem.D);
            var second = problem.Rows(2, problem.B + 1, problem.D);
            double before = Functional.NtXent(first, second, 0.3, kernel: kernel).ToDouble();

            // The similarity with the positive grows, those with the negatives stay: a dimension of their own for one pair.
            var extended = cat([first, zeros([problem.B + 1, 1], ScalarType.Float64)], 1);
            var other = cat([second, zeros([problem.B + 1, 1], ScalarType.Float64)], 1);
            extended.select(0, 0).narrow(0, problem.D, 1).fill_(0.5);
            other.select(0, 0).narrow(0, problem.D, 1).fill_(0.5);

            Assert.That(Functional.NtXent(extended, other, 0.3, kernel: kernel).ToDouble(), Is.LessThan(before), problem.ToString());
        });

    [Test]
    public void Backward_of_a_multiple_is_the_multiple()
    {
        var z = Arrays.UnitRows(7, 3, 4, 8).requires_grad_();
        var once = ValueAndGradients([z], () => Functional.InstanceContrastive(z, 0.1));
        var thrice = ValueAndGradients([z], () => Functional.InstanceContrastive(z, 0.1) * 3);

        Assert.That((thrice.Gradients[0] - (once.Gradients[0] * 3)).abs().max().ToDouble(), Is.LessThan(1e-14));
    }

    [Test]
    public void Without_gradients_the_value_is_the_same([Values] LossKernel kernel)
    {
        Tensor[] leaves = Leaves(new Problem(2, 5, 4, 16, 0.1, 3), 2);
        using var loss = new TclrLoss(new TclrLossOptions { Kernel = kernel });
        double with = Compute(loss, leaves).Total;

        using (no_grad())
        {
            using var embeddings = Embeddings(leaves);
            using var result = loss.Compute(embeddings);
            Assert.That(result.Total.ToDouble(), Is.EqualTo(with).Within(1e-12 * with));
            Assert.That(result.Total.requires_grad, Is.False);
        }
    }

    [Test]
    public void Only_what_wants_a_gradient_gets_one()
    {
        Tensor slices = Arrays.UnitRows(1, 3, 4, 8), locals = Arrays.UnitRows(2, 3, 4, 8).requires_grad_();

        Functional.GlobalLocal(slices, locals, 0.1, kernel: LossKernel.Fused).backward();
        var fused = locals.grad!.clone();
        locals.grad!.zero_();
        Functional.GlobalLocal(slices, locals, 0.1, kernel: LossKernel.Batched).backward();

        Assert.That(slices.grad, Is.Null);
        Assert.That((locals.grad! - fused).abs().max().ToDouble(), Is.LessThan(1e-13));
    }

    private static void Agree(Func<Problem, LossKernel, (Func<Tensor, Tensor> Loss, long[] Shape)> create) => ForAll(60, problem =>
    {
        var (batched, shape) = create(problem, LossKernel.Batched);
        var (fused, _) = create(problem, LossKernel.Fused);
        var z = problem.Rows(1, shape).requires_grad_();
        var expected = ValueAndGradients([z], () => batched(z));
        var actual = ValueAndGradients([z], () => fused(z));
        Near(actual.Value, expected.Value, actual.Gradients, expected.Gradients, problem);

        var single = z.detach().to(ScalarType.Float32).requires_grad_();
        var rounded = ValueAndGradients([single], () => fused(single));
        double scale = 1e-6 * Math.Max(1, 1 / problem.Temperature);
        Assert.That(rounded.Value, Is.EqualTo(expected.Value).Within(scale * 10 * Math.Max(1, expected.Value)), $"single precision, {problem}");
    });

    private static void Near(double value, double expected, Tensor[] gradients, Tensor[] wanted, Problem problem)
    {
        Assert.That(value, Is.EqualTo(expected).Within(problem.Tolerance * Math.Max(1, expected)), problem.ToString());
        foreach (var (gradient, want) in gradients.Zip(wanted))
        {
            Assert.That((gradient - want).abs().max().ToDouble(), Is.LessThan(problem.Tolerance * Math.Max(1, want.abs().max().ToDouble())), problem.ToString());
        }
    }

    private static (double Value, Tensor[] Gradients) ValueAndGradients(Tensor[] leaves, Func<Tensor> loss)
    {
        foreach (var leaf in leaves)
        {
            leaf.grad = null;
        }

        var value = loss();
        value.backward();
        return (value.ToDouble(), [.. leaves.Select(leaf => leaf.grad?.clone() ?? zeros(leaf.shape, leaf.dtype))]);
    }

    private static (double Total, Dictionary<string, double> Terms, Tensor[] Gradients) Compute(TclrLossOptions options, Tensor[] leaves)
    {
        using var loss = new TclrLoss(options);
        return Compute(loss, leaves);
    }

    private static (double Total, Dictionary<string, double> Terms, Tensor[] Gradients) Compute(TclrLoss loss, Tensor[] leaves)
    {
        var terms = new Dictionary<string, double>(StringComparer.Ordinal);
        Tensor Total()
        {
            using var embeddings = Embeddings(leaves);
            using var result = loss.Compute(embeddings);
            foreach (var term in result.Terms)
            {
                terms.Add(term.Name, term.Value.ToDouble());
            }

            return result.Total.alias();
        }

        if (!is_grad_enabled())
        {
            return (Total().ToDouble(), terms, []);
        }

        var (total, gradients) = ValueAndGradients(leaves, Total);
        return (total, terms, gradients);
    }

    private static Tensor[] Leaves(Problem p, int versions) =>
    [
        p.Rows(1, versions, p.B, p.D).requires_grad_(),
        p.Rows(2, versions, p.B, p.T, p.D).requires_grad_(),
        p.Rows(3, versions, p.B, p.T, p.D).requires_grad_(),
    ];

    private static TemporalEmbeddings Embeddings(Tensor[] leaves) => new(leaves[0].alias(), leaves[1].alias(), leaves[2].alias());

    private static void ForAll(int count, Action<Problem> body) => Prop.ForAll(Problem.Any, problem =>
    {
        using var scope = NewDisposeScope();
        body(problem);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
