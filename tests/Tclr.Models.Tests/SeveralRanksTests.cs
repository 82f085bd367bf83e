using Tclr.Core;
using Tclr.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

/// <summary>A step of several ranks, each with its part of the batch, against the step of one process with the whole batch and the same passes.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class SeveralRanksTests : ScopedTests
{
    private const int Videos = 8, VideosPerPass = 2;

    private static readonly ViewLayout TwoClips = new(2, 0), ThreeClips = new(3, 0), WithLocals = new(2, 2);

    private static readonly Dictionary<string, Method> Methods = new(StringComparer.Ordinal)
    {
        ["TCLR"] = new(WithLocals, kernel => [(new TclrLoss(new TclrLossOptions { Kernel = kernel }), 1)]),
        ["TCLR as in the paper"] = new(WithLocals, kernel => [(new TclrLoss(new TclrLossOptions { Kernel = kernel, Convention = TclrLossConvention.Paper }), 1)]),
        ["CVRL"] = new(TwoClips, kernel => [(new InstanceContrastiveLoss(0.1, kernel), 1)]),
        ["DualVar"] = new(ThreeClips, kernel => [(new DualVarLoss(kernel: kernel), 1)]) { Passes = PassPlan.DualVar, HasSeries = true },
        ["DualVar with queues"] = new(ThreeClips, _ => [(new DualVarMomentumLoss(new MemoryBank(32, 5, seed: 1), new MemoryBank(32, 3, seed: 2, segments: 2)), 1)])
        {
            Passes = PassPlan.DualVarMomentum,
            HasSeries = true,
            HasMomentum = true,
        },
        ["MoCo"] = new(TwoClips, _ => [(new MomentumContrastLoss(new MemoryBank(32, 5, seed: 1)), 1)]) { Passes = PassPlan.MomentumContrast, HasMomentum = true },
        ["a sum"] = new(WithLocals, kernel => [(new InstanceContrastiveLoss(0.2, kernel), 1), (new LocalLocalLoss(kernel: kernel), 0.5), (new GlobalLocalLoss(kernel: kernel), 0.25)]),
    };

    private static IEnumerable<TestCaseData> Cases
        => from method in Methods.Keys
           from kernel in Methods[method].HasMomentum ? [LossKernel.Automatic] : new[] { LossKernel.Fused, LossKernel.Batched }
           from way in (string[])["in one graph", "with gradient caching", "each rank its share of the loss"]
           select new TestCaseData(method, kernel, way);

    private static IEnumerable<TestCaseData> Variants =>
    [
        new("TCLR", new Variant()),
        new("TCLR", new Variant { Scope = BatchNormScope.PerView }),
        new("TCLR", new Variant { Scope = BatchNormScope.PerView, Cached = true, Batches = 2 }),
        new("TCLR", new Variant { VideosPerPass = 1, Cached = true }),
        new("DualVar with queues", new Variant { Batches = 2 }),
        new("DualVar with queues", new Variant { Batches = 3, Cached = true }),
        new("a sum", new Variant { Batches = 2, IsSingle = true }),
        new("TCLR", new Variant { IsSingle = true }),
        new("TCLR", new Variant { IsSingle = true, Cached = true }),
        new("MoCo", new Variant { IsSingle = true }),
        new("TCLR", new Variant { IsSingle = true, ShareLossFrom = 1, Cached = true, Batches = 2 }),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Several_ranks_take_the_step_of_one(string method, LossKernel kernel, string way)
        => AssertSameStep(Methods[method], new Variant
        {
            Kernel = kernel,
            Cached = way.Contains("caching", StringComparison.Ordinal),
            ShareLossFrom = way.Contains("share", StringComparison.Ordinal) ? 1 : Videos + 1,
        });

    [TestCaseSource(nameof(Variants))]
    public void Passes_accumulation_and_precision_change_nothing(string method, Variant variant) => AssertSameStep(Methods[method], variant);

    private static void AssertSameStep(Method method, Variant variant)
    {
        var one = ThreadJob.Run(1, collective => Step(method, variant, collective))[0];
        double tolerance = variant.IsSingle ? 1e-6 : 1e-12;
        Assert.Multiple(() =>
        {
            foreach (int size in (int[])[2, 4])
            {
                foreach (var (rank, outcome) in ThreadJob.Run(size, collective => Step(method, variant, collective)).Index())
                {
                    outcome.AssertSame(one, tolerance, $"rank {rank} of {size}");
                }
            }
        });
    }

    private static Outcome Step(Method method, Variant variant, ICollective collective)
    {
        var type = variant.IsSingle ? ScalarType.Float32 : ScalarType.Float64;
        var configuration = new TrainerConfiguration
        {
            Clips = new FormulaClips(Videos * variant.Batches, method.Layout, 3, 4, 4, 4),
            Encoder = () => Converted(new NoisyEncoder(), type),
            Head = features => Converted(ProjectionHeads.Tclr(features, 6, 5), type),
            FurtherHeads = method.HasSeries ? [(PassPlan.SeriesHead, features => Converted(ProjectionHeads.DualVarSeries(features, 6, 2, 3), type))] : [],
            Losses = method.Losses(variant.Kernel),
            Passes = method.Passes,
            Momentum = method.HasMomentum ? new MomentumOptions { Momentum = 0.9 } : null,
            BatchNormScope = variant.Scope,
            VideosPerPass = variant.VideosPerPass,
            GradientCaching = variant.Cached,
            Accumulation = variant.Batches,
            BatchSize = Videos,
            Steps = 1,
            Seed = 7,
            Collective = collective,
            ShareLossFrom = variant.ShareLossFrom,
        };
        using var network = new TrainingNetwork(configuration, TrainingPrecision.Float32, initialize: true);
        network.Train();
        int own = Videos / collective.Size;
        var batches = Enumerable.Range(0, variant.Batches).Select(batch => new ClipBatch(
            Golden.Hash((uint)batch, method.Layout.Count, Videos, 3, 4, 4, 4).to(type).narrow(1, collective.Rank * own, own).contiguous(), method.Layout, [.. Enumerable.Range(0, own).Select(i => $"{i}")])).ToList();
        var values = network.ComputeGradients(batches, step: 3, variant.VideosPerPass, guard: false);
        using var snapshot = network.Snapshot(new CheckpointState { Step = 0, TotalSteps = 1, Precision = TrainingPrecision.Float32, Settings = new Dictionary<string, string>(StringComparer.Ordinal) });
        var networks = network.Heads.Select(head => (head.Key, head.Value.Network)).Prepend(("encoder", network.Encoder.Network)).ToList();
        var outcome = new Outcome(
            values.Names.Zip(HostTransfer.Read(values.Values)).ToDictionary(entry => entry.First, entry => (double[])[entry.Second], StringComparer.Ordinal),
            networks.SelectMany(part => part.Network.named_parameters().Where(entry => entry.Item2.grad is not null).Select(entry => (Name: $"{part.Item1}.{entry.Item1}", Values: HostTransfer.Read(entry.Item2.grad!)))).ToDictionary(entry => entry.Name, entry => entry.Values, StringComparer.Ordinal),
            snapshot.Tensors.Where(entry => entry.Name.Contains("running", StringComparison.Ordinal) || entry.Name.Contains("tracked", StringComparison.Ordinal)).ToDictionary(entry => entry.Name, entry => HostTransfer.Read(entry.Tensor), StringComparer.Ordinal),
            snapshot.Tensors.Where(entry => entry.Name.StartsWith(Checkpoint.LossFile, StringComparison.Ordinal)).ToDictionary(entry => entry.Name, entry => HostTransfer.Read(entry.Tensor), StringComparer.Ordinal));
        foreach (var (loss, _) in configuration.Losses)
        {
            (loss as IDisposable)?.Dispose();
        }

        return outcome;
    }

    private static T Converted<T>(T network, ScalarType type)
        where T : nn.Module
    {
        network.to(type);
        return network;
    }

    private sealed record Method(ViewLayout Layout, Func<LossKernel, IReadOnlyList<(ITemporalContrastiveLoss Loss, double Weight)>> Losses)
    {
        public PassPlan? Passes { get; init; }

        public bool HasSeries { get; init; }

        public bool HasMomentum { get; init; }
    }

    public sealed record Variant
    {
        public LossKernel Kernel { get; init; } = LossKernel.Automatic;

        public BatchNormScope Scope { get; init; } = BatchNormScope.AllViews;

        public int VideosPerPass { get; init; } = SeveralRanksTests.VideosPerPass;

        public bool Cached { get; init; }

        public int Batches { get; init; } = 1;

        public bool IsSingle { get; init; }

        public int ShareLossFrom { get; init; } = Videos + 1;
    }

    private sealed record Outcome(Dictionary<string, double[]> Metrics, Dictionary<string, double[]> Gradients, Dictionary<string, double[]> Statistics, Dictionary<string, double[]> Queues)
    {
        public void AssertSame(Outcome one, double tolerance, string rank)
        {
            double largest = one.Gradients.Values.Max(values => values.Max(Math.Abs));
            Assert.That(largest, Is.GreaterThan(1e-4), "a step without gradient shows nothing");
            Compare(Metrics, one.Metrics, values => tolerance * Math.Abs(values[0]), rank);

            // Gradients that are 0 but for rounding, such as those of a bias before batch normalization, count by the largest of all.
            double smallest = largest * (tolerance > 1e-9 ? 1 : 0.1);
            Compare(Gradients, one.Gradients, values => tolerance * Math.Max(values.Max(Math.Abs), smallest), rank);
            Compare(Statistics, one.Statistics, values => tolerance * values.Max(Math.Abs), rank);
            Compare(Queues, one.Queues, _ => 1e-6, rank);
        }

        private static void Compare(Dictionary<string, double[]> actual, Dictionary<string, double[]> expected, Func<double[], double> tolerance, string rank)
        {
            Assert.That(actual.Keys, Is.EquivalentTo(expected.Keys), rank);
            foreach (var (name, values) in expected)
            {
                Assert.That(actual[name], Is.EqualTo(values).Within(tolerance(values)), $"{rank}: {name}");
            }
        }
    }

    /// <summary>A convolution with batch normalization and noise: its features depend on the whole pass and on random numbers.</summary>
    private sealed class NoisyEncoder : nn.Module<Tensor, Tensor>, IVideoEncoder
    {
        private readonly Conv3d conv;
        private readonly BatchNorm3d bn;

        public NoisyEncoder()
            : base(nameof(NoisyEncoder))
        {
            conv = nn.Conv3d(3, FeatureDimension, (1, 3, 3), bias: false);
            bn = nn.BatchNorm3d(FeatureDimension, momentum: 0.3);
            RegisterComponents();
        }

        public int FeatureDimension => 4;

        public nn.Module Network => this;

        public Tensor Encode(Tensor clips) => call(clips);

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = bn.call(conv.call(input)).relu();                                        // [N, F, 4, 2, 2]
            maps *= training ? rand(maps.shape, maps.dtype) + 0.5 : ones_like(maps);
            return maps.mean([3, 4]).view(maps.shape[0], FeatureDimension, 2, 2).mean([3]).MoveToOuterDisposeScope();
        }
    }
}
