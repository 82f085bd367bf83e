#if TCLR_SYSTEM_BACKEND
using System.Runtime.InteropServices;
using Tclr.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

/// <summary>Nonsense gives exceptions; it never ends the process.</summary>
[NoTensorLeaks]
public sealed class SafetyTests
{
    [Test]
    public void Random_calls_give_results_or_exceptions()
    {
        var random = new Random(1);
        Func<Tensor, Tensor, Tensor>[] calls =
        [
            (a, b) => a.add(b), (a, b) => a.mm(b), (a, b) => a.bmm(b), (a, b) => cat([a, b], random.Next(-3, 4)),
            (a, b) => a.index_select(random.Next(-3, 4), b), (a, _) => a.narrow(random.Next(-3, 4), random.Next(-3, 9), random.Next(-3, 9)),
            (a, _) => a.view(random.Next(-2, 9), random.Next(-2, 9)), (a, _) => a.transpose(random.Next(-4, 4), random.Next(-4, 4)),
            (a, b) => a.masked_fill(b, 1), (a, b) => a.copy_(b), (a, _) => a.logsumexp(random.Next(-4, 4)), (a, _) => a.permute(1, 0, 1),
            (a, _) => a.topk(random.Next(-2, 9), random.Next(-3, 3)).Item1, (a, b) => stack([a, b], random.Next(-3, 5)),
            (a, _) => a.diagonal(random.Next(-9, 9), random.Next(-3, 3), random.Next(-3, 3)), (a, _) => a.expand(random.Next(-2, 4), random.Next(-2, 4)),
        ];
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            using var scope = NewDisposeScope();
            var a = Make(random);
            var b = Make(random);
            try
            {
                calls[random.Next(calls.Length)](a, b);
            }
            catch (ExternalException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(1000));
    }

    [Test]
    public void The_fast_blas_is_loaded_where_it_is_installed()
    {
        var installed = Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").FirstOrDefault(d => Directory.Exists(Path.Combine(d, "openblas-openmp"))) : null;
        if (installed is null)
        {
            Assert.Ignore("libopenblas0-openmp is not installed");
        }

        using var x = ones([4, 4]);
        using var product = x.mm(x);

        Assert.That(File.ReadAllText("/proc/self/maps"), Does.Contain("openblas"));
    }

    [Test]
    public void Tensors_may_be_made_and_disposed_on_many_threads()
    {
        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < 500; i++)
            {
                using var scope = NewDisposeScope();
                var x = full([64, 64], worker);
                Assert.That(x.mm(x).select(0, 0).select(0, 0).ToDouble(), Is.EqualTo(64.0 * worker * worker));
            }
        });
    }

    private static Tensor Make(Random random)
    {
        var shape = new long[random.Next(0, 4)];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = random.Next(0, 4);
        }

        return zeros(shape, random.Next(3) switch { 0 => ScalarType.Int64, 1 => ScalarType.Float32, _ => ScalarType.Bool });
    }
}
#endif
