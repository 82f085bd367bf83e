using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The cost of a clip in an encoder.</summary>
/// <param name="Operations">Floating-point operations of a forward pass, a multiplication and an addition counting as two.</param>
/// <param name="ActivationBytes">Approximate bytes of the activations that a forward pass keeps for the backward pass.</param>
/// <remarks>
/// Counted from the outputs of the encoder's layers. A training step computes about three times the operations, with gradient
/// caching four times. Normalization and pooling are not counted as operations.
/// </remarks>
public readonly record struct EncoderCost(double Operations, long ActivationBytes)
{
    /// <summary>Counts one clip.</summary>
    /// <param name="encoder">The encoder; its weights and statistics stay as they are. It is left in training mode.</param>
    /// <param name="clip">A clip <c>[1, C, T, H, W]</c> on the encoder's device and of its type; the caller keeps owning it.</param>
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
