using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The cost of encoding a clip.</summary>
/// <param name="Operations">Number of floating-point operations of a forward pass; a multiply-add is two.</param>
/// <param name="ActivationBytes">Approximate size in bytes of the activations that are kept for the backward pass.</param>
/// <remarks>
/// Counted from the outputs of the encoder's layers, without the operations of normalization and pooling. A training step takes
/// about three times the operations, with gradient caching four times.
/// </remarks>
public readonly record struct EncoderCost(double Operations, long ActivationBytes)
{
    /// <summary>Measures the cost by a forward pass.</summary>
    /// <param name="encoder">The encoder; its weights and running statistics do not change. It is left in training mode.</param>
    /// <param name="clip">A clip <c>[1, C, T, H, W]</c> of the encoder's device and data type; the caller keeps owning it.</param>
    /// <returns>The cost.</returns>
    public static EncoderCost Measure(IVideoEncoder encoder, Tensor clip)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        double operations = 0;
        long bytes = 0;
        var hooks = new List<Action>();
        try
        {
            foreach (var layer in encoder.Network.modules().OfType<nn.Module<Tensor, Tensor>>().Where(module => !module.named_children().Any()))
            {
                long perOutput = layer.parameters(recurse: false).Where(parameter => parameter.dim() >= 2).Sum(weight => 2 * weight.numel() / weight.shape[0]);
                bool inPlace = layer is TorchSharp.Modules.ReLU { inplace: true };
                var hook = layer.register_forward_hook((_, _, output) =>
                {
                    operations += perOutput * output.numel();
                    bytes += inPlace ? 0 : output.numel() * output.ElementSize;
                    return output;
                });
                hooks.Add(hook.remove);
            }

            encoder.Network.eval();
            using var scope = NewDisposeScope();
            using var unrecorded = no_grad();
            encoder.Encode(clip);
        }
        finally
        {
            hooks.ForEach(remove => remove());
            encoder.Network.train();
        }

        return new EncoderCost(operations, bytes);
    }
}
