using System.Globalization;

namespace Tclr.Weights;

/// <summary>Finds the weights in a zip archive of <c>torch.save</c>.</summary>
internal static class CheckpointReader
{
    private const string PickleName = "data.pkl";
    private const int MaximumPickle = 100_000_000;
    private const int MaximumDepth = 3;

    // Where a checkpoint that is more than weights usually has them.
    private static readonly string[] UsualPlaces = ["state_dict", "model_state_dict", "model_state", "model"];

    // A pickled number that torch.save put first before PyTorch 1.6.
    private static ReadOnlySpan<byte> LegacyMark => [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    public static bool Recognizes(MappedFile file) => StoredZip.Recognizes(file) || IsLegacy(file);

    public static WeightFile Read(MappedFile file, string? stateDict, IReadOnlyCollection<string> ignoredTypes)
    {
        var (root, offset) = ReadRoot(file, ignoredTypes);
        var weights = Find(file, offset, root, stateDict);
        return new WeightFile(file, WeightFormat.PyTorch, Layouts(file, offset, weights), Metadata(root));
    }

    /// <summary>All dictionaries of a checkpoint that have tensors, from the outside in; what else they have is passed over.</summary>
    public static IReadOnlyList<WeightContainer> Containers(MappedFile file, IReadOnlyCollection<string> ignoredTypes)
    {
        var (root, offset) = ReadRoot(file, ignoredTypes);
        var metadata = Metadata(root);
        var containers = new List<WeightContainer>();

        // A pickle may hold a dictionary that is a part of itself.
        var seen = new HashSet<PickleDictionary>(ReferenceEqualityComparer.Instance);
        var waiting = new Queue<(string? Key, PickleDictionary Dictionary, int Depth)>();
        Enter(null, root, 0);
        while (waiting.TryDequeue(out var next))
        {
            List<KeyValuePair<string, TensorLayout>> layouts = [];
            foreach (var (key, value) in next.Dictionary.Items)
            {
                if (key is string name && value is TensorLayout layout)
                {
                    layouts.Add(new(name, layout));
                }
                else if (key is string place && next.Depth < MaximumDepth)
                {
                    Enter(next.Key is null ? place : $"{next.Key}/{place}", value, next.Depth + 1);
                }
            }

            if (layouts.Count > 0)
            {
                containers.Add(new(next.Key, new WeightFile(file, WeightFormat.PyTorch, layouts, metadata)));
            }
        }

        return containers.Count > 0 ? containers : throw file.Error(offset, $"expected a dictionary with tensors, as a state_dict or a checkpoint; the keys there: {TensorNames.Some(Keys(root))}");

        void Enter(string? key, object? value, int depth)
        {
            if (value is PickleDictionary dictionary && seen.Add(dictionary))
            {
                waiting.Enqueue((key, dictionary, depth));
            }
        }
    }

    private static (object? Root, long Offset) ReadRoot(MappedFile file, IReadOnlyCollection<string> ignoredTypes)
    {
        if (IsLegacy(file))
        {
            throw file.Error(0, "the file is of the format before PyTorch 1.6; convert it there: torch.save(torch.load(path, map_location='cpu'), path)");
        }

        if (!StoredZip.Recognizes(file))
        {
            throw file.Error(0, "expected the zip archive that torch.save writes");
        }

        var archive = StoredZip.Read(file);
        var (name, record) = FindPickle(file, archive);
        string folder = name[..^PickleName.Length];
        CheckByteOrder(file, archive, folder);
        if (record.Length > MaximumPickle)
        {
            throw file.Error(record.Offset, FormattableString.Invariant($"expected a pickle of {MaximumPickle} bytes at most, got {record.Length}"));
        }

        var reader = new ByteReader(file, record.Offset, record.Offset + record.Length);
        return (PickleReader.Read(reader, new PickleTensors(archive, folder), ignoredTypes), record.Offset);
    }

    private static bool IsLegacy(MappedFile file) => file.Length >= 14 && file.Span(0, 1)[0] == (byte)PickleOpcode.Proto && file.Span(2, LegacyMark.Length).SequenceEqual(LegacyMark);

    // As 'archive/data.pkl', in the one folder that an archive has.
    private static (string Name, StoredZip.Record Record) FindPickle(MappedFile file, StoredZip archive)
    {
        var found = archive.Records.Where(record => record.Key.EndsWith('/' + PickleName, StringComparison.Ordinal) && record.Key.AsSpan().Count('/') == 1).Take(2).ToList();
        return found is [var (name, record)] ? (name, record) : throw file.Error(0, $"expected a zip archive with one folder that has '{PickleName}', as torch.save writes it");
    }

    private static void CheckByteOrder(MappedFile file, StoredZip archive, string folder)
    {
        if (archive.Records.TryGetValue(folder + "byteorder", out var record) && !file.Span(record.Offset, Math.Min(record.Length, 16)).SequenceEqual("little"u8))
        {
            throw file.Error(record.Offset, "expected little-endian data; save the file again on a little-endian machine");
        }
    }

    private static PickleDictionary Find(MappedFile file, long offset, object? root, string? stateDict)
    {
        if (stateDict is not null)
        {
            object? at = root;
            foreach (string key in stateDict.Split('/'))
            {
                at = Item(at, key) ?? throw file.Error(offset, $"there is no key '{key}' in '{stateDict}'; the keys there: {TensorNames.Some(Keys(at))}");
            }

            return at as PickleDictionary ?? throw file.Error(offset, $"'{stateDict}' is not a dictionary of tensors");
        }

        if (root is not PickleDictionary whole)
        {
            throw file.Error(offset, "expected a dictionary, as a state_dict or a checkpoint");
        }

        var usual = UsualPlaces.Select(place => Item(whole, place)).OfType<PickleDictionary>().FirstOrDefault();
        if (usual is null && whole.Items.Count > 0 && !whole.Items.Any(item => item.Value is TensorLayout))
        {
            throw file.Error(offset, $"the checkpoint has no {TensorNames.Some(UsualPlaces)}; it has {TensorNames.Some(Keys(whole))}: set {nameof(WeightLoadOptions)}.{nameof(WeightLoadOptions.StateDict)} to the key of the weights");
        }

        return usual ?? whole;
    }

    private static object? Item(object? from, string key)
        => (from as PickleDictionary)?.Items.Where(item => item.Key is string name && string.Equals(name, key, StringComparison.Ordinal)).Select(item => item.Value).LastOrDefault();

    private static IEnumerable<string> Keys(object? from) => (from as PickleDictionary)?.Items.Select(item => item.Key).OfType<string>() ?? [];

    private static IEnumerable<KeyValuePair<string, TensorLayout>> Layouts(MappedFile file, long offset, PickleDictionary weights)
    {
        foreach (var (key, value) in weights.Items)
        {
            yield return key is string name && value is TensorLayout layout
                ? new(name, layout)
                : throw file.Error(offset, $"expected names and tensors in the state_dict, got '{key}' with {Describe(value)}");
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickleOpaque opaque => $"an object of '{opaque.Name}'",
        TensorLayout => "a tensor",
        PickleDictionary => "a dictionary",
        List<object?> or object?[] => "a list",
        _ => $"'{value}'",
    };

    private static Dictionary<string, string> Metadata(object? root)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in (root as PickleDictionary)?.Items ?? [])
        {
            if (key is string name && value is (long or double or bool or string))
            {
                metadata[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
            }
        }

        return metadata;
    }
}
