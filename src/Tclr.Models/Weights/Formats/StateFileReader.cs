using Tclr.Core;
using Tclr.Core.Weights;
using static TorchSharp.torch;

namespace Tclr.Models.Weights;

/// <summary>Reads what <c>Module.save</c> of TorchSharp writes: a count, then name, type, shape and data of each tensor.</summary>
internal static class StateFileReader
{
    public static WeightFile Read(MappedFile file)
    {
        var reader = new ByteReader(file, 0, file.Length);
        long count = reader.Leb128("number of tensors");
        if (count > reader.Remaining)
        {
            throw file.Error(0, FormattableString.Invariant($"the file is of no known format: as one of TorchSharp it would have {count} tensors in {reader.Remaining} bytes"));
        }

        var layouts = new List<KeyValuePair<string, TensorLayout>>();
        for (long i = 0; i < count; i++)
        {
            string name = reader.Utf8(reader.Leb128("length of a name"), "name of a tensor");
            layouts.Add(new(name, Layout(reader, name)));
        }

        return reader.Remaining == 0
            ? new WeightFile(file, WeightFormat.TorchSharp, layouts)
            : throw reader.Error(FormattableString.Invariant($"{reader.Remaining} bytes after the last tensor belong to none"));
    }

    private static TensorLayout Layout(ByteReader reader, string name)
    {
        long code = reader.Leb128("type");
        var type = code <= sbyte.MaxValue ? ElementType.Of((ScalarType)code) : null;
        if (type is null)
        {
            throw reader.Error(FormattableString.Invariant($"'{name}': {code} is no known type of elements"));
        }

        long dimensions = reader.Leb128("number of dimensions");
        if (dimensions > TensorLayout.MaximumDimensions)
        {
            throw reader.Error(FormattableString.Invariant($"'{name}': expected {TensorLayout.MaximumDimensions} dimensions at most, got {dimensions}"));
        }

        var shape = new long[dimensions];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Leb128("size");
        }

        long elements = TensorLayout.Count(shape, type.Size)
            ?? throw reader.Error($"'{name}': [{string.Join(',', shape)}] has too many elements");
        var layout = new TensorLayout(type, shape, Strides: null, reader.Position, elements);
        reader.Skip(layout.Bytes, $"'{name}'");
        return layout;
    }
}
