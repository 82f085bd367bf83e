using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Lists of layers: registered under their keys, run one after the other.</summary>
/// <remarks>A layer without weights needs no key. A layer that returns its own input returns an alias of it.</remarks>
internal static class LayerExtensions
{
    /// <summary>Makes the layers with weights parts of a module, in this order.</summary>
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

    /// <summary>Runs the layers; what lies between them is released at once.</summary>
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
