using System.Text;
using System.Text.Unicode;

namespace Tclr.Weights;

/// <summary>Reads the index of a TensorFlow checkpoint and opens its data files.</summary>
/// <remarks>The first entry, with the empty key, is a <c>BundleHeaderProto</c>; each other one is a <c>BundleEntryProto</c> by the name of its tensor.</remarks>
internal static class BundleReader
{
    private const int Version = 1;
    private const int MaximumShards = 100_000;

    // Types without numbers: text such as the object graph, handles, and nested values.
    private const int String = 7;
    private const int Resource = 20;
    private const int Variant = 21;

    // First byte of the keys of a partitioned tensor's parts; another entry, without this byte, has its name.
    private const byte SliceMark = 0;

    public static WeightFile Read(MappedFile index)
    {
        var entries = SortedTable.Read(index);
        if (entries is not [{ Key.Length: 0 } header, ..])
        {
            throw index.Error(0, "expected the header of a TensorFlow checkpoint as the first entry of the index");
        }

        int shards = Shards(index, header);
        string prefix = Prefix(index, shards);
        Stored[] stored = [.. entries.Skip(1).Where(entry => entry.Key[0] != SliceMark).Select(entry => Parse(index, entry, shards)).OfType<Stored>()];
        if (entries.Skip(1).FirstOrDefault(entry => entry.Key[0] == SliceMark) is { } slice)
        {
            throw index.Error(slice.Start, "expected whole tensors, got a part of a partitioned one, which is not supported: save it in one piece");
        }

        var files = new List<MappedFile> { index };
        try
        {
            var opened = new Dictionary<long, MappedFile>();
            foreach (long shard in stored.Where(tensor => tensor.Layout.Elements > 0).Select(tensor => tensor.Shard).Distinct())
            {
                files.Add(opened[shard] = MappedFile.Open(TensorFlowFormat.DataPath(prefix, shard, shards)));
            }

            CheckPlaces(stored, opened);
            return new WeightFile(files, WeightFormat.TensorFlow, stored.Select(tensor => new StoredTensor(tensor.Name, opened.GetValueOrDefault(tensor.Shard, index), tensor.Layout)));
        }
        catch
        {
            // The index is closed by who opened it.
            foreach (var file in files.Skip(1))
            {
                file.Dispose();
            }

            throw;
        }
    }

    private static int Shards(MappedFile index, SortedTable.Entry header)
    {
        var proto = Message(index, header, "header of the checkpoint");
        long shards = 0, bigEndian = 0, oldestReader = 0;
        while (proto.Next())
        {
            switch (proto.Field)
            {
                case 1:
                    shards = proto.Number;
                    break;
                case 2:
                    bigEndian = proto.Number;
                    break;
                case 3:
                    var version = proto.Message;
                    while (version.Next())
                    {
                        oldestReader = version.Field == 2 ? version.Number : oldestReader;
                    }

                    break;
            }
        }

        if (bigEndian != 0)
        {
            throw index.Error(header.Start, "expected little-endian data; save the checkpoint again on a little-endian machine");
        }

        if (oldestReader > Version)
        {
            throw index.Error(header.Start, FormattableString.Invariant($"expected version {Version} of the format, got one that needs a reader of version {oldestReader}"));
        }

        return shards is >= 1 and <= MaximumShards
            ? (int)shards
            : throw index.Error(header.Start, FormattableString.Invariant($"expected 1 to {MaximumShards} data files, got {shards}"));
    }

    // All data files are there, so that a part of a checkpoint is found before any work.
    private static string Prefix(MappedFile index, int shards)
    {
        string prefix = TensorFlowFormat.PrefixOfIndex(index.Path);
        if (prefix.Length == index.Path.Length)
        {
            throw index.Error(0, $"the file is the index of a TensorFlow checkpoint: expected a name ending in '{TensorFlowFormat.IndexExtension}', by which its data files are found");
        }

        for (int shard = 0; shard < shards; shard++)
        {
            string data = TensorFlowFormat.DataPath(prefix, shard, shards);
            if (!File.Exists(data))
            {
                throw new WeightFileException(index.Path, offset: null, FormattableString.Invariant($"the data file '{data}' is missing: put it beside the index; the checkpoint has {shards} in all"));
            }
        }

        return prefix;
    }

    // Null for a tensor without numbers.
    private static Stored? Parse(MappedFile index, SortedTable.Entry entry, int shards)
    {
        if (!Utf8.IsValid(entry.Key))
        {
            throw index.Error(entry.Start, "name of a tensor: expected UTF-8");
        }

        string name = Encoding.UTF8.GetString(entry.Key);
        var proto = Message(index, entry, $"'{name}'");
        long code = 0, shard = 0, offset = 0, size = 0, checksum = 0;
        bool partitioned = false;
        var shape = new List<long>();
        while (proto.Next())
        {
            switch (proto.Field)
            {
                case 1:
                    code = proto.Number;
                    break;
                case 2:
                    Shape(proto.Message, shape);
                    break;
                case 3:
                    shard = proto.Number;
                    break;
                case 4:
                    offset = proto.Number;
                    break;
                case 5:
                    size = proto.Number;
                    break;
                case 6:
                    checksum = proto.Number;
                    break;
                case 7:
                    partitioned = true;
                    break;
            }
        }

        if (partitioned)
        {
            throw proto.Error("the tensor is partitioned, which is not supported: save it in one piece");
        }

        if (code is String or Resource or Variant)
        {
            return null;
        }

        var type = ElementType.OfTensorFlow(code)
            ?? throw proto.Error(FormattableString.Invariant($"expected a type of {ElementType.Names}, got the DataType {code} of TensorFlow"));
        if (TensorLayout.Count([.. shape], type.Size) is not { } elements || elements * type.Size != size)
        {
            throw proto.Error(FormattableString.Invariant($"{type.SafeTensors} [{string.Join(',', shape)}] does not have {size} bytes"));
        }

        if (shard >= shards)
        {
            throw proto.Error(FormattableString.Invariant($"expected a data file of 0 to {shards - 1}, got {shard}"));
        }

        uint? expected = elements == 0 ? null : Crc32C.Unmask((uint)checksum);
        return new Stored(name, shard, new TensorLayout(type, [.. shape], Strides: null, offset, elements) { Checksum = expected });
    }

    // TensorShapeProto: dimensions (2) with a size (1) each; or an unknown number of them (3).
    private static void Shape(ProtoReader proto, List<long> shape)
    {
        while (proto.Next())
        {
            if (proto.Field == 3 && proto.Number != 0)
            {
                throw proto.Error("expected a shape, got an unknown one");
            }

            if (proto.Field == 2)
            {
                if (shape.Count == TensorLayout.MaximumDimensions)
                {
                    throw proto.Error(FormattableString.Invariant($"expected {TensorLayout.MaximumDimensions} dimensions at most"));
                }

                long size = 0;
                var dimension = proto.Message;
                while (dimension.Next())
                {
                    size = dimension.Field == 1 ? dimension.Number : size;
                }

                shape.Add(size);
            }
        }
    }

    // Each tensor lies inside its file, and no byte belongs to two. Files may have gaps, where text lies or for alignment.
    private static void CheckPlaces(Stored[] stored, Dictionary<long, MappedFile> files)
    {
        foreach (var shard in stored.Where(tensor => tensor.Layout.Elements > 0).GroupBy(tensor => tensor.Shard))
        {
            var file = files[shard.Key];
            long end = 0;
            foreach (var (name, _, layout) in shard.OrderBy(tensor => tensor.Layout.Offset))
            {
                if (layout.Offset > file.Length - layout.Bytes)
                {
                    throw file.Error(layout.Offset, FormattableString.Invariant($"'{name}': expected {layout.Bytes} bytes here, the file has {file.Length} in all: it is truncated"));
                }

                if (layout.Offset < end)
                {
                    throw file.Error(layout.Offset, FormattableString.Invariant($"'{name}' overlaps the tensor before it, which ends at {end}"));
                }

                end = layout.Offset + layout.Bytes;
            }
        }
    }

    private static ProtoReader Message(MappedFile index, SortedTable.Entry entry, string what) => new(new ByteReader(index, entry.Start, entry.End), what);

    private sealed record Stored(string Name, long Shard, TensorLayout Layout);
}
