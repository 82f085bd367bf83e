using System.Globalization;

namespace Tclr.Weights;

/// <summary>Names of CVRL's encoder and head in the checkpoints of its TensorFlow code, after <see cref="KerasNames"/>.</summary>
/// <remarks>
/// Keras numbers the layers of a model that have weights: <c>layer_with_weights-0</c> is the stem's convolution, <c>-1</c> its batch
/// normalization, and each further one a block. The first block of a stage has a convolution on its shortcut, which tells the stages of
/// any depth apart. Of the whole model, number 0 is the encoder, and the others are the head's linear layers and normalizations in turn.
/// </remarks>
internal static class CvrlNames
{
    private const string Numbered = "layer_with_weights-";

    // Parts of a block, and their names in this library's.
    private static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["_temporal_conv"] = "c1",
        ["_norm1"] = "b1",
        ["_spatial_conv"] = "c2",
        ["_norm2"] = "b2",
        ["_expand_conv"] = "c3",
        ["_norm3"] = "b3",
        ["_shortcut_conv"] = "ds.0",
        ["_norm0"] = "ds.1",
    };

    /// <summary>The rule: <c>backbone.layer_with_weights-2._temporal_conv.weight</c> becomes <c>backbone.layers.0.0.c1.weight</c>. Other names stay.</summary>
    public static void Map(Span<MappedName?> names)
    {
        var all = names.ToArray();
        var layers = all.Select((name, i) => Layer.Of(name, i)).OfType<Layer>().GroupBy(layer => layer.Prefix, StringComparer.Ordinal);
        foreach (var model in layers.Select(group => group.ToList()))
        {
            Func<Layer, string?>? rename = IsEncoder(model) ? Encoder(model) : IsHead(model) ? Head : null;
            foreach (var layer in model)
            {
                if (rename?.Invoke(layer) is { } name)
                {
                    names[layer.Index] = all[layer.Index]! with { Name = layer.Prefix + name };
                }
            }
        }
    }

    private static bool IsEncoder(List<Layer> model) => Has(model, 0, "weight") && Has(model, 1, "running_mean") && Has(model, 2, "_temporal_conv.weight");

    private static bool IsHead(List<Layer> model) => !model.Exists(layer => layer.Number == 0) && Has(model, 1, "bias") && Has(model, 2, "running_mean");

    private static bool Has(List<Layer> model, int number, string rest)
        => model.Exists(layer => layer.Number == number && string.Equals(layer.Rest, rest, StringComparison.Ordinal));

    private static Func<Layer, string?> Encoder(List<Layer> model)
    {
        var places = new Dictionary<int, (int Stage, int Block)>();
        var place = (Stage: -1, Block: 0);
        foreach (int number in model.Select(layer => layer.Number).Where(number => number > 1).Distinct().Order())
        {
            place = Has(model, number, "_shortcut_conv.weight") ? (place.Stage + 1, 0) : (place.Stage, place.Block + 1);
            places.Add(number, place);
        }

        return layer =>
        {
            if (layer.Number < 2)
            {
                return (layer.Number == 0 ? "stem." : "bn.") + layer.Rest;
            }

            int dot = layer.Rest.IndexOf('.', StringComparison.Ordinal);
            string part = dot < 0 ? layer.Rest : layer.Rest[..dot];
            var (stage, block) = places[layer.Number];
            return FormattableString.Invariant($"layers.{stage}.{block}.{Parts.GetValueOrDefault(part, part)}{layer.Rest[part.Length..]}");
        };
    }

    private static string Head(Layer layer)
        => FormattableString.Invariant($"{(int.IsOddInteger(layer.Number) ? "fc" : "bn")}{(layer.Number + 1) / 2}.{layer.Rest}");

    // A tensor of a numbered layer; of nested models, the innermost counts.
    private sealed record Layer(int Index, string Prefix, int Number, string Rest)
    {
        public static Layer? Of(MappedName? mapped, int index)
        {
            int at = mapped?.Name.LastIndexOf(Numbered, StringComparison.Ordinal) ?? -1;
            if (at < 0)
            {
                return null;
            }

            string[] parts = mapped!.Name[(at + Numbered.Length)..].Split('.', 2);
            return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? new(index, mapped.Name[..at], number, parts[1])
                : null;
        }
    }
}
