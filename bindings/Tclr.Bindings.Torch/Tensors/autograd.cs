using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Switches the recording of gradients off on this thread until disposed.</summary>
    /// <returns>What switches it back.</returns>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Switches the recording of gradients on (or off) on this thread until disposed.</summary>
    /// <param name="enabled">Whether to record.</param>
    /// <returns>What switches it back.</returns>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    /// <summary>Whether gradients are recorded on this thread.</summary>
    /// <returns>True unless switched off.</returns>
    public static bool is_grad_enabled() => Native.tclr_grad_mode() != 0;

    /// <summary>Gradients.</summary>
    public static class autograd
    {
        internal static unsafe void Run(IList<Tensor> tensors, IList<Tensor>? gradients, bool retainGraph, bool createGraph, IList<Tensor>? inputs)
        {
            nint[] roots = [.. tensors.Select(t => t.Handle)];
            nint[] seeds = [.. gradients?.Select(t => t.Handle) ?? []];
            nint[] targets = [.. inputs?.Select(t => t.Handle) ?? []];
            fixed (nint* root = roots, seed = seeds, target = targets)
            {
                Native.Check(Native.tclr_backward(root, roots.Length, seed, seeds.Length, retainGraph ? 1 : 0, createGraph ? 1 : 0, target, targets.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(gradients);
            GC.KeepAlive(inputs);
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool before = is_grad_enabled();

        internal GradMode(bool enabled) => Native.tclr_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => Native.tclr_set_grad_mode(before ? 1 : 0);
    }
}
