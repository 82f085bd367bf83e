using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>The tensors of a file and of a module that belong together.</summary>
/// <param name="Report">How they compare.</param>
/// <param name="Pairs">The tensors of one name.</param>
/// <param name="IsKeras">Whether the file has Keras's names, and no rule translated them.</param>
internal sealed record WeightMatch(WeightReport Report, IReadOnlyList<(StoredTensor Stored, Tensor Target)> Pairs, bool IsKeras = false)
{
    // Counted by PyTorch's batch normalization, and not used with a fixed momentum.
    private const string BatchCount = "num_batches_tracked";

    public static WeightMatch Of(Dictionary<string, Tensor> state, WeightFile file, WeightLoadOptions options)
    {
        var pairs = new Dictionary<string, (StoredTensor Stored, Tensor Target)>(StringComparer.Ordinal);
        List<string> unexpected = [], dropped = [];
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (stored, mapped) in file.Tensors.Zip(options.Mapping.Map(file.Tensors.Select(tensor => tensor.Name))))
        {
            if (mapped is null)
            {
                dropped.Add(stored.Name);
                continue;
            }

            string name = mapped.Name;

            if (!sources.TryAdd(name, stored.Name))
            {
                throw new WeightFileException(file.Path, offset: null, $"the mapping gives '{sources[name]}' and '{stored.Name}' the same name '{name}'");
            }

            if (state.TryGetValue(name, out var target))
            {
                pairs.Add(name, (mapped.IsKerasKernel ? stored.AsKernel() : stored, target));
            }
            else
            {
                unexpected.Add(name);
            }
        }

        List<string> matched = [], missing = [];
        List<WeightDifference> mismatched = [];
        List<WeightDifference> converted = [];
        foreach (var (name, target) in state)
        {
            if (!pairs.TryGetValue(name, out var pair))
            {
                if (!options.Mapping.IsKeras || !name.EndsWith(BatchCount, StringComparison.Ordinal))
                {
                    missing.Add(name);
                }

                continue;
            }

            var difference = new WeightDifference(name, target.dtype, target.shape, pair.Stored.Type, pair.Stored.Shape);
            if (!Fits(difference, options))
            {
                mismatched.Add(difference);
                continue;
            }

            matched.Add(name);
            if (difference.FoundType != difference.ExpectedType)
            {
                converted.Add(difference);
            }
        }

        return new(new(matched, missing, unexpected, mismatched, dropped) { Converted = converted }, [.. pairs.Values], !options.Mapping.IsKeras && KerasNames.Recognizes(file));
    }

    /// <summary>What to do if only a prefix, or a type that can be converted, is wrong.</summary>
    public string Hint()
    {
        if (Report.Mismatched.Count > 0)
        {
            return Report.Mismatched.All(mismatch => mismatch.HasEqualShapes && mismatch.IsBetweenFloatingPointTypes)
                ? $". Set {nameof(WeightLoadOptions.ConvertTypes)} to convert."
                : string.Empty;
        }

        if (IsKeras)
        {
            return $". The file has the names of Keras layers: use {nameof(WeightMapping)}.{nameof(WeightMapping.Automatic)}, or {nameof(WeightMapping)}.{nameof(WeightMapping.Keras)} with rules of your own.";
        }

        var missing = Report.Missing.ToHashSet(StringComparer.Ordinal);
        string? prefix = Report.Unexpected.Select(name => Prefix(name, missing)).FirstOrDefault(found => found is not null);
        return prefix is null ? string.Empty : $". The file has these names under '{prefix}': use {nameof(WeightMapping)}.None.Under(\"{prefix}\") or {nameof(WeightMapping)}.{nameof(WeightMapping.Automatic)}.";
    }

    private static bool Fits(WeightDifference found, WeightLoadOptions options)
        => found.HasEqualShapes && (found.FoundType == found.ExpectedType
            || (found.IsBetweenFloatingPointTypes && (options.ConvertTypes || (options.Mapping.IsAutomatic && Widens(found.FoundType, found.ExpectedType)))));

    // Every number of the first type is one of the second.
    private static bool Widens(ScalarType from, ScalarType to) => (from, to) switch
    {
        (ScalarType.Float16 or ScalarType.BFloat16, ScalarType.Float32 or ScalarType.Float64) => true,
        (ScalarType.Float32, ScalarType.Float64) => true,
        _ => false,
    };

    private static string? Prefix(string name, HashSet<string> missing)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (missing.Contains(name[(dot + 1)..]))
            {
                return name[..(dot + 1)];
            }
        }

        return null;
    }
}
