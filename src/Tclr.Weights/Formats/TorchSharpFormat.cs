using System.Text;
using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>The format of <c>Module.save</c> of TorchSharp: a count, then name, type, shape and data of each tensor; all numbers in LEB128.</summary>
internal sealed class TorchSharpFormat() : WeightFormat("TorchSharp", ".dat")
{
    internal override bool Recognizes(MappedFile file) => false;

    internal override WeightFile Read(MappedFile file, string? stateDict, IReadOnlyCollection<string> ignoredTypes)
    {
        var reader = new ByteReader(file, 0, file.Length);
        long count = reader.Leb128("number of tensors");
        if (count > reader.Remaining)
        {
            throw file.Error(0, FormattableString.Invariant($"unknown file format: as a TorchSharp file it would have {count} tensors in {reader.Remaining} bytes"));
        }

        var layouts = new List<KeyValuePair<string, TensorLayout>>();
        for (long i = 0; i < count; i++)
        {
            string name = reader.Utf8(reader.Leb128("length of a name"), "name of a tensor");
            layouts.Add(new(name, Layout(reader, name)));
        }

        return reader.Remaining == 0
            ? new WeightFile(file, this, layouts)
            : throw reader.Error(FormattableString.Invariant($"{reader.Remaining} unused bytes after the last tensor"));
    }

    internal override void Write(Stream stream, OrderedDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        RefuseMetadata(metadata);
        WriteLeb128(stream, tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            WriteLeb128(stream, text.Length);
            stream.Write(text);
            WriteLeb128(stream, (long)tensor.dtype);
            long[] shape = tensor.shape;
            WriteLeb128(stream, shape.Length);
            foreach (long size in shape)
            {
                WriteLeb128(stream, size);
            }

            TensorBytes.Write(stream, tensor);
        }
    }

    private static void WriteLeb128(Stream stream, long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }

    private static TensorLayout Layout(ByteReader reader, string name)
    {
        long code = reader.Leb128("type");
        var type = code <= sbyte.MaxValue ? ElementType.Of((ScalarType)code) : null;
        if (type is null)
        {
            throw reader.Error(FormattableString.Invariant($"'{name}': {code} is not a known element type"));
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
