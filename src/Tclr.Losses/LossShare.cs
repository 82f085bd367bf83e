using Tclr.Core;
using Tclr.Losses.Kernels;
using Tclr.Losses.Kernels.Batched;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The share of a loss that one of several processes computes.</summary>
/// <param name="Number">Number of the share.</param>
/// <param name="Count">Number of shares.</param>
internal readonly record struct LossShare(int Number, int Count)
{
    // Elements of the similarities that are held at once.
    private const long CpuElements = 1 << 21;
    private const long DeviceElements = 1 << 27;

    /// <summary>The rows of the videos of the share.</summary>
    /// <param name="embeddings">Embeddings with the videos in a dimension.</param>
    /// <param name="dimension">The dimension.</param>
    public Tensor Own(Tensor embeddings, long dimension = 1)
    {
        long count = embeddings.shape[dimension] / Count;
        return embeddings.narrow(dimension, Number * count, count);
    }

    /// <summary>The share of a loss that is a mean over the videos, each of which is a term of its own.</summary>
    public LossResult OfMean(ITemporalContrastiveLoss loss, TemporalEmbeddings embeddings)
    {
        using var scope = NewDisposeScope();
        double factor = 1.0 / Count;
        var result = loss.Compute(Own(embeddings));
        return LossTerms.Result(result.Total * factor, result.Terms.Select(term => (term.Name, term.Value * factor)));
    }

    /// <summary>The embeddings of the videos of the share.</summary>
    public TemporalEmbeddings Own(TemporalEmbeddings embeddings)
    {
        var share = this;
        return new TemporalEmbeddings(
            Own(embeddings.GlobalPooled),
            embeddings.GlobalSlices is { } slices ? Own(slices) : null,
            embeddings.LocalPooled is { } locals ? Own(locals) : null)
        {
            Heads = embeddings.Heads.ToDictionary(head => head.Key, head => share.Own(head.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>A weighted sum of NT-Xent over pairs of views with the videos of the share as anchors, by rows of the matrix of similarities.</summary>
    /// <remarks>The gradient is computed with the value, so only a panel of the matrix is held.</remarks>
    /// <param name="views">The views <c>[V, B, D]</c> of all videos.</param>
    /// <param name="temperature">The similarities are divided by it.</param>
    /// <param name="sum">Sums the terms <c>[a, i, b]</c> of anchors <c>i</c> of view <c>a</c> against view <c>b</c>, weighted.</param>
    /// <returns>A scalar, in the caller's dispose scope.</returns>
    public Tensor Instances(Tensor views, double temperature, Func<Tensor, Tensor> sum)
    {
        var graph = KernelChoice.AtLeastSingle(views).contiguous();
        long v = graph.shape[0], n = graph.shape[1], count = n / Count, first = Number * count;
        long step = Math.Clamp((graph.device_type == DeviceType.CPU ? CpuElements : DeviceElements) / (v * v * n), 1, count);
        bool wantsGradient = graph.requires_grad && is_grad_enabled();
        using var scope = NewDisposeScope();
        var leaf = graph.detach().requires_grad_(wantsGradient);
        var total = zeros([], graph.dtype, graph.device);
        for (long start = first; start < first + count; start += step)
        {
            using var panel = NewDisposeScope();
            var part = sum(BatchedContrast.Terms(leaf.unsqueeze(0), temperature, start, Math.Min(step, first + count - start)).select(0, 0));
            if (wantsGradient)
            {
                part.backward();
            }

            total.add_(part.detach());
        }

        return (wantsGradient ? GradientCarrier.Attach(total, graph, leaf.grad!) : total).MoveToOuterDisposeScope();
    }
}
