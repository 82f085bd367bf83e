using Tclr.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class ScopeTests
{
    [Test]
    public void A_scope_disposes_what_was_made_inside()
    {
        Tensor inside, moved;
        using (NewDisposeScope())
        {
            inside = zeros([2]);
            moved = zeros([2]).MoveToOuterDisposeScope();
        }

        Assert.That(inside.IsInvalid, Is.True);
        Assert.That(moved.IsInvalid, Is.False);
        moved.Dispose();
    }

    [Test]
    public void A_tensor_moves_one_scope_at_a_time()
    {
        Tensor t;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                t = zeros([2]).MoveToOuterDisposeScope();
            }

            Assert.That(t.IsInvalid, Is.False);
        }

        Assert.That(t.IsInvalid, Is.True);
    }

    [Test]
    public void Scopes_may_be_disposed_out_of_order()
    {
        var outer = NewDisposeScope();
        var a = zeros([1]);
        var inner = NewDisposeScope();
        var b = zeros([1]);

        outer.Dispose();
        inner.Dispose();

        Assert.That(a.IsInvalid && b.IsInvalid, Is.True);
    }

    [Test]
    public void A_detached_tensor_outlives_all_scopes()
    {
        Tensor t;
        using (NewDisposeScope())
        using (NewDisposeScope())
        {
            t = ones([3]).DetachFromDisposeScope();
        }

        Assert.That(t.sum().DetachFromDisposeScope(), Is.Not.Null.And.Matches<Tensor>(s =>
        {
            using (s)
            {
                return s.ToDouble() == 3;
            }
        }));
        t.Dispose();
    }

#if TCLR_SYSTEM_BACKEND
    [Test]
    public void Forgotten_tensors_do_not_fill_the_memory()
    {
        const int Tensors = 400;
        const int Megabytes = 16;
        long before = Tensor.TotalCount, most = 0;

        for (int i = 0; i < Tensors; i++)
        {
            _ = ones([Megabytes << 18]);
            most = Math.Max(most, Tensor.TotalCount - before);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(most, Is.LessThan(Tensors / 4), "tensors of 16 MB alive together");
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

#endif

    [Test]
    public void Forgotten_tensors_are_released_by_the_collector()
    {
        long before = Tensor.TotalCount;
        MakeAndForget();
        for (int i = 0; i < 10 && Tensor.TotalCount > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(Tensor.TotalCount, Is.EqualTo(before));

        static void MakeAndForget()
        {
            for (int i = 0; i < 100; i++)
            {
                _ = zeros([1000]);
            }
        }
    }
}
