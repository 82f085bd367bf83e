using BenchmarkDotNet.Attributes;
using Tclr.Core;
using Tclr.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>Forward and backward of the whole TCLR loss: one Gram matrix against the loops of the reference.</summary>
[MemoryDiagnoser]
public class TclrLossBenchmarks
{
    private const int Versions = 2;
    private const int Timesteps = 4;
    private const int Dimension = 128;

    private readonly TclrLoss loss = new();
    private Tensor global = null!;
    private Tensor slices = null!;
    private Tensor locals = null!;

    [Params(8, 40)]
    public int Videos { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        manual_seed(1);
        global = Unit(Versions, Videos, Dimension);
        slices = Unit(Versions, Videos, Timesteps, Dimension);
        locals = Unit(Versions, Videos, Timesteps, Dimension);
        double batched = Batched(), naive = Naive();
        if (!(Math.Abs(batched - naive) <= 1e-4 * naive))
        {
            throw new InvalidOperationException($"the two sides differ: {batched} and {naive}");
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        global.Dispose();
        slices.Dispose();
        locals.Dispose();
    }

    /// <summary>56 + B calls of NT-Xent and 4 of global-local, as the authors' code makes them.</summary>
    [Benchmark(Baseline = true)]
    public double Naive()
    {
        using var scope = NewDisposeScope();
        var total = Functional.NtXent(global.select(0, 0), global.select(0, 1), 0.1);
        var clips = Enumerable.Range(0, Versions * Timesteps).Select(i => locals.select(0, i / Timesteps).select(1, i % Timesteps)).ToArray();
        foreach (var (i, first) in clips.Index())
        {
            foreach (var (j, second) in clips.Index())
            {
                if (i != j)
                {
                    total = total + (Functional.NtXent(first, second, 0.1) / Timesteps);
                }
            }
        }

        for (int video = 0; video < Videos; video++)
        {
            total = total + Functional.NtXent(locals.select(0, 0).select(0, video), locals.select(0, 1).select(0, video), 0.1);
        }

        for (int pair = 0; pair < Versions * Versions; pair++)
        {
            total = total + Functional.GlobalLocal(slices.select(0, pair / Versions), locals.select(0, pair % Versions), 0.1);
        }

        total.backward();
        return total.ToDouble();
    }

    [Benchmark]
    public double Batched()
    {
        using var scope = NewDisposeScope();
        using var embeddings = new TemporalEmbeddings(global.alias(), slices.alias(), locals.alias());
        using var result = loss.Compute(embeddings);
        result.Total.backward();
        return result.Total.ToDouble();
    }

    private static Tensor Unit(params long[] shape)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(randn(shape), dim: shape.Length - 1).requires_grad_().DetachFromDisposeScope();
    }
}
