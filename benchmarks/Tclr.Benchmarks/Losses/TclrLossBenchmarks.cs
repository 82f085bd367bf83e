using BenchmarkDotNet.Attributes;
using Tclr.Core;
using Tclr.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>The whole TCLR loss: the structure of the authors' code, the two kernels, and the bare matrix products as the limit.</summary>
[MemoryDiagnoser]
[Config(typeof(LossConfig))]
public class TclrLossBenchmarks
{
    private const int Versions = 2;
    private const double Temperature = 0.1;

    private TclrLoss batched = null!;
    private TclrLoss fused = null!;
    private Tensor global = null!;
    private Tensor slices = null!;
    private Tensor locals = null!;
    private Tensor rows = null!;

    [Params(8, 40, 128, 512)]
    public int B { get; set; }

    [ParamsSource(nameof(Timesteps))]
    public int T { get; set; }

    [ParamsSource(nameof(Dimensions))]
    public int D { get; set; }

    [Params(false, true)]
    public bool Backward { get; set; }

    public static IEnumerable<int> Timesteps => LossConfig.Quick ? [4] : [2, 4, 8];

    public static IEnumerable<int> Dimensions => LossConfig.Quick ? [128] : [128, 512];

    [GlobalSetup]
    public void Setup()
    {
        manual_seed(1);
        batched = Loss(LossKernel.Batched);
        fused = Loss(LossKernel.Fused);
        global = Unit(Versions, B, D);
        slices = Unit(Versions, B, T, D);
        rows = Unit(Versions, T, B, D);                                             // clip by clip, as the encoder's batch has them
        locals = rows.transpose(1, 2);
        double[] values = [Run(batched), Run(fused), Naive()];
        if (values.Max() - values.Min() > 1e-4 * values.Min())
        {
            throw new InvalidOperationException($"the values differ: {string.Join(", ", values)}");
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        batched.Dispose();
        fused.Dispose();
        global.Dispose();
        slices.Dispose();
        locals.Dispose();
        rows.Dispose();
    }

    [Benchmark(Baseline = true)]
    public double Naive()
    {
        using var grad = enable_grad(Backward);
        using var scope = NewDisposeScope();
        using var embeddings = Embeddings();
        var total = NaiveTclr.Total(embeddings, Temperature);
        return Finish(total);
    }

    [Benchmark]
    public double Batched() => Run(batched);

    [Benchmark]
    public double Fused() => Run(fused);

    /// <summary>The product that gives the similarities of the local clips, and the two that take their gradient back.</summary>
    [Benchmark]
    public long Limit()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var z = rows.view(Versions * T * B, D);
        var gram = z.mm(z.t());
        return Backward ? gram.mm(z).numel() + gram.t().mm(z).numel() : gram.numel();
    }

    private double Run(TclrLoss loss)
    {
        using var grad = enable_grad(Backward);
        using var scope = NewDisposeScope();
        using var embeddings = Embeddings();
        using var result = loss.Compute(embeddings);
        return Finish(result.Total);
    }

    private double Finish(Tensor total)
    {
        if (Backward)
        {
            total.backward();
        }

        return total.ToDouble();
    }

    private TemporalEmbeddings Embeddings() => new(global.alias(), slices.alias(), locals.alias());

    private static TclrLoss Loss(LossKernel kernel) => new(new TclrLossOptions { Kernel = kernel });

    private static Tensor Unit(params long[] shape)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(randn(shape), dim: shape.Length - 1).requires_grad_().DetachFromDisposeScope();
    }
}
