using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>Finds the one place in a file whose names, shapes and types are those of a module.</summary>
internal static class AutomaticMatch
{
    // What wrappers of PyTorch put between the names of modules.
    private static readonly string[] Wrappers = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>Searches all dictionaries of a file.</summary>
    /// <param name="network">Name of the module, for messages.</param>
    /// <param name="state">The module's tensors.</param>
    /// <param name="containers">The dictionaries.</param>
    /// <param name="options">How to map names and types; rules of the mapping are applied first.</param>
    /// <exception cref="WeightFileException">No place fits, or more than one.</exception>
    public static WeightMatch Find(string network, Dictionary<string, Tensor> state, IReadOnlyList<WeightContainer> containers, WeightLoadOptions options)
    {
        Attempt[] attempts = [.. containers.SelectMany(container => Attempts(state, container, options))];
        string path = containers[0].File.Path;
        if (attempts.Length == 0)
        {
            var all = containers.SelectMany(container => container.File.Tensors.Select(tensor => tensor.Name)).ToList();
            var nothing = new WeightReport([], [.. state.Keys], all, [], []);
            throw new WeightFileException(path, nothing, $"the weights do not fit {network}: expected {TensorNames.Some(state.Keys)} under any prefix, got {TensorNames.Some(all)}");
        }

        var fitting = WithoutMomentum(Distinct([.. attempts.Where(attempt => attempt.Fits)]));
        if (fitting is [var found])
        {
            return found.Match;
        }

        if (fitting.Count > 1)
        {
            WeightPlace[] places = [.. fitting.Select(attempt => attempt.Place)];
            throw new WeightFileException(
                path, fitting[0].Match.Report,
                FormattableString.Invariant($"the weights fit {network} at {places.Length} places: {string.Join(", ", places.Take(5))}. Choose one by {nameof(WeightMapping)}.{nameof(WeightMapping.Automatic)}.Under(\"{places[0].Prefix}\") or {nameof(WeightLoadOptions)}.{nameof(WeightLoadOptions.StateDict)}."),
                places);
        }

        var nearest = attempts.MaxBy(attempt => attempt.Match.Report.Matched.Count)!;
        var report = nearest.Match.Report;
        string larger = nearest.Larger.Count > 0 ? $"; the file has more of the same layers ({TensorNames.Some(nearest.Larger)}): it is of a larger network" : string.Empty;
        throw new WeightFileException(path, report, $"the weights do not fit {network}; the nearest are {report}{larger}{nearest.Match.Hint()}");
    }

    private static List<Attempt> Attempts(Dictionary<string, Tensor> state, WeightContainer container, WeightLoadOptions options)
    {
        var mapping = KerasNames.Recognizes(container.File) ? options.Mapping.AfterKeras() : options.Mapping;
        var plain = Rules(container, mapping);
        var unwrapped = mapping.With(Unwrap);
        var cleaned = Rules(container, unwrapped);

        // Names as they are come first; they differ only where a wrapper stands inside.
        var attempts = Attempts(state, container, options, mapping, plain);
        return attempts.Exists(attempt => attempt.Fits) || cleaned.Count != plain.Count || cleaned.SetEquals(plain)
            ? attempts
            : Attempts(state, container, options, unwrapped, cleaned) is { Count: > 0 } others ? others : attempts;
    }

    private static List<Attempt> Attempts(Dictionary<string, Tensor> state, WeightContainer container, WeightLoadOptions options, WeightMapping rules, HashSet<string> names)
    {
        // The prefixes of the names that the file has most rarely, tried one after the other.
        string[] prefixes = state.Keys.Take(8).Select(key => Prefixes(key, names)).Where(found => found.Length > 0).MinBy(found => found.Length) ?? [];
        var own = state.Keys.Select(Top).ToHashSet(StringComparer.Ordinal);
        return [.. prefixes.Select(Try)];

        Attempt Try(string prefix)
        {
            var mapping = rules.With(name => name.StartsWith(prefix, StringComparison.Ordinal) && state.ContainsKey(name[prefix.Length..]) ? name[prefix.Length..] : null);
            var match = WeightMatch.Of(state, container.File, options with { Mapping = mapping });
            string[] larger = [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Where(name => !state.ContainsKey(name) && name.Contains('.', StringComparison.Ordinal) && own.Contains(Top(name)))];
            return new(new(container.Key, prefix), match with { Report = match.Report with { StateDict = container.Key, Prefix = prefix } }, larger);
        }
    }

    private static HashSet<string> Rules(WeightContainer container, WeightMapping mapping)
        => mapping.Map(container.File.Tensors.Select(tensor => tensor.Name)).OfType<MappedName>().Select(mapped => mapped.Name).ToHashSet(StringComparer.Ordinal);

    private static string[] Prefixes(string key, HashSet<string> names)
        => [.. names.Where(name => name.EndsWith(key, StringComparison.Ordinal)).Select(name => name[..^key.Length]).Where(prefix => prefix.Length == 0 || prefix[^1] == '.')];

    private static string Unwrap(string name) => string.Join('.', name.Split('.').Where(part => !Wrappers.Contains(part, StringComparer.Ordinal)));

    private static string Top(string name) => name.Split('.')[0];

    // The same tensors under two names are one way.
    private static List<Attempt> Distinct(IReadOnlyList<Attempt> attempts)
    {
        var distinct = new List<Attempt>();
        foreach (var attempt in attempts)
        {
            if (!distinct.Exists(other => other.Match.Pairs.Zip(attempt.Match.Pairs).All(pair => pair.First.Stored.IsSameAs(pair.Second.Stored))))
            {
                distinct.Add(attempt);
            }
        }

        return distinct;
    }

    // MoCo's key encoder and head are moving averages of those of the queries, and not what its authors evaluate.
    private static List<Attempt> WithoutMomentum(List<Attempt> attempts)
        => attempts.FindAll(attempt => !attempts.Exists(other => attempt.Place.Prefix.Contains("_k.", StringComparison.Ordinal)
            && other.Place == attempt.Place with { Prefix = attempt.Place.Prefix.Replace("_k.", "_q.", StringComparison.Ordinal) }));

    private sealed record Attempt(WeightPlace Place, WeightMatch Match, IReadOnlyList<string> Larger)
    {
        public bool Fits => Match.Report.IsComplete && Larger.Count == 0;
    }
}
