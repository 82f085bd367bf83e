using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Registers and runs lists of layers.</summary>
/// <remarks>A layer must return a new tensor; to return its input, an alias of it.</remarks>
internal static class LayerExtensions
{
    /// <summary>Registers the layers with weights as submodules, in order.</summary>
    public static void Register(this nn.Module module, IEnumerable<Layer> layers)
    {
        foreach (var (key, layer) in layers)
        {
            if (key is not null)
            {
                module.register_module(key, layer);
            }
        }
    }

    /// <summary>Runs the layers in order and disposes each intermediate result.</summary>
    public static Tensor Run(this IReadOnlyList<Layer> layers, Tensor input)
    {
        var current = input.alias();
        foreach (var (_, layer) in layers)
        {
            var next = layer.call(current);
            current.Dispose();
            current = next;
        }

        return current;
    }
}
