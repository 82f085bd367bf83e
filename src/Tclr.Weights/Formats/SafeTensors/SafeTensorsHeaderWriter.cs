using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>Makes the header of a safetensors file.</summary>
internal static class SafeTensorsHeaderWriter
{
    private const int Alignment = 8;

    /// <summary>The header of a new file, padded so that the data starts at a multiple of 8.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dataOrder">Their names in the order of the data.</param>
    /// <param name="metadata">Strings to store beside the tensors.</param>
    public static byte[] Make(OrderedDictionary<string, Tensor> tensors, IEnumerable<string> dataOrder, IReadOnlyDictionary<string, string> metadata)
    {
        var places = new Dictionary<string, (long Begin, long End)>(StringComparer.Ordinal);
        long end = 0;
        foreach (string name in dataOrder)
        {
            long begin = end;
            end += tensors[name].numel() * ElementType.Of(name, tensors[name]).Size;
            places.Add(name, (begin, end));
        }

        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(new byte[SafeTensorsHeader.LengthBytes]);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata.Count > 0)
            {
                writer.WritePropertyName(SafeTensorsHeader.MetadataKey);
                JsonSerializer.Serialize(writer, metadata);
            }

            foreach (var (name, tensor) in tensors)
            {
                writer.WriteStartObject(name);
                writer.WriteString("dtype", ElementType.Of(name, tensor).SafeTensors);
                WriteNumbers(writer, "shape", tensor.shape);
                WriteNumbers(writer, "data_offsets", [places[name].Begin, places[name].End]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        int padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.Write(Enumerable.Repeat((byte)' ', padding).ToArray());
        byte[] header = buffer.WrittenSpan.ToArray();
        int length = header.Length - SafeTensorsHeader.LengthBytes;
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        return length <= SafeTensorsHeader.MaximumBytes
            ? header
            : throw new ArgumentException($"the names and shapes need a header of {length} bytes; the format allows {SafeTensorsHeader.MaximumBytes}", nameof(tensors));
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string property, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(property);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
