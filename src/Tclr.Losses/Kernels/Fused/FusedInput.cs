using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>Embeddings as the fused kernels want them: contiguous, in single or double precision, with room for the gradient.</summary>
/// <param name="Graph">The embeddings with their history.</param>
/// <param name="Values">The same elements without it.</param>
/// <param name="Gradient">Takes what the kernels add, zero at first; <see langword="null"/> where nobody wants a gradient.</param>
internal readonly record struct FusedInput(Tensor Graph, Tensor Values, Tensor? Gradient)
{
    /// <summary>Whether the elements are float64; else they are float32.</summary>
    public bool IsDouble => Values.dtype == ScalarType.Float64;

    /// <summary>Prepares embeddings; all new tensors are in the caller's dispose scope.</summary>
    public static FusedInput Of(Tensor embeddings)
    {
        var graph = KernelChoice.AtLeastSingle(embeddings).contiguous();
        var values = graph.detach();
        return new FusedInput(graph, values, graph.requires_grad && is_grad_enabled() ? zeros(values.shape, values.dtype) : null);
    }

    /// <summary>Makes the scalar with a value and the gradients that the kernels left at some inputs.</summary>
    /// <remarks>
    /// <c>z . g</c> has the gradient <c>g</c> at <c>z</c>; less itself it is exactly 0, so the value is not rounded.
    /// Made of plain operators, so it needs no function of our own inside torch's graph.
    /// </remarks>
    /// <param name="value">The value.</param>
    /// <param name="inputs">One input or more.</param>
    /// <returns>The scalar, in the type of the inputs and in the caller's dispose scope.</returns>
    public static Tensor Scalar(double value, params ReadOnlySpan<FusedInput> inputs)
    {
        Tensor? products = null;
        foreach (var input in inputs)
        {
            if (input.Gradient is not null)
            {
                var product = input.Graph.flatten().dot(input.Gradient.flatten());
                products = products is null ? product : products + product;
            }
        }

        return products is null ? tensor(value, inputs[0].Values.dtype) : products - products.detach() + value;
    }
}
