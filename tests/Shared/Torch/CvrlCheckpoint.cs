using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>The variables of CVRL's TensorFlow code, in the order in which it makes them.</summary>
internal static class CvrlCheckpoint
{
    private const string Value = "/.ATTRIBUTES/VARIABLE_VALUE";

    /// <summary>Names and shapes of a 3D ResNet's variables: stem, then blocks of a temporal, a spatial and an expanding convolution.</summary>
    /// <param name="prefix">Name of the model, with its slash.</param>
    /// <param name="blocks">Blocks of each stage.</param>
    /// <param name="width">Channels of the stem.</param>
    public static IEnumerable<(string Name, long[] Shape)> Encoder(string prefix, int[] blocks, int width = 64)
    {
        int layer = 0;
        long channels = width;
        foreach (var variable in Convolution(Layer(), [5, 7, 7], 3, width).Concat(Norm(Layer(), width)))
        {
            yield return variable;
        }

        for (int stage = 0; stage < blocks.Length; stage++)
        {
            long narrow = width << stage, wide = 4 * narrow, time = stage < 2 ? 1 : 3;
            for (int block = 0; block < blocks[stage]; block++)
            {
                string name = Layer();
                IEnumerable<(string, long[])> variables =
                [
                    .. channels == wide ? [] : Convolution(name + "/_shortcut_conv", [1, 1, 1], channels, wide).Concat(Norm(name + "/_norm0", wide)),
                    .. Convolution(name + "/_temporal_conv", [time, 1, 1], channels, narrow), .. Norm(name + "/_norm1", narrow),
                    .. Convolution(name + "/_spatial_conv", [1, 3, 3], narrow, narrow), .. Norm(name + "/_norm2", narrow),
                    .. Convolution(name + "/_expand_conv", [1, 1, 1], narrow, wide), .. Norm(name + "/_norm3", wide),
                ];
                foreach (var variable in variables)
                {
                    yield return variable;
                }

                channels = wide;
            }
        }

        string Layer() => FormattableString.Invariant($"{prefix}layer_with_weights-{layer++}");
    }

    /// <summary>Names and shapes of the head's variables; number 0 of the whole model is the encoder.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Head(long features, long hidden, long embedding)
    {
        for (int layer = 1; layer <= 7; layer++)
        {
            string name = FormattableString.Invariant($"model/layer_with_weights-{layer}");
            if (layer % 2 == 0)
            {
                foreach (var variable in Norm(name, hidden))
                {
                    yield return variable;
                }

                continue;
            }

            long outputs = layer == 7 ? embedding : hidden;
            yield return (name + "/kernel" + Value, [layer == 1 ? features : hidden, outputs]);
            yield return (name + "/bias" + Value, [outputs]);
        }
    }

    /// <summary>The momentum of the optimizer, and counters.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Training(IEnumerable<(string Name, long[] Shape)> variables)
        => variables.Where(variable => !variable.Name.Contains("moving_", StringComparison.Ordinal))
            .Select(variable => (variable.Name[..^Value.Length] + "/.OPTIMIZER_SLOT/optimizer/momentum" + Value, variable.Shape))
            .Concat([("global_step" + Value, []), ("optimizer/iter" + Value, []), ("optimizer/momentum" + Value, []), ("save_counter" + Value, [])]);

    /// <summary>Tensors of the shapes, with values that differ.</summary>
    public static Dictionary<string, Tensor> Tensors(IEnumerable<(string Name, long[] Shape)> variables)
        => variables.ToDictionary(variable => variable.Name, variable => randn(variable.Shape), StringComparer.Ordinal);

    private static IEnumerable<(string, long[])> Convolution(string name, long[] kernel, long inputs, long outputs) => [(name + "/kernel" + Value, [.. kernel, inputs, outputs])];

    private static IEnumerable<(string, long[])> Norm(string name, long channels)
        => ((string[])["gamma", "beta", "moving_mean", "moving_variance"]).Select(part => (name + "/" + part + Value, (long[])[channels]));
}
