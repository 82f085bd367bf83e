using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Tclr.Weights;

/// <summary>Reads the header of a safetensors file.</summary>
internal static class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";
    public const int LengthBytes = sizeof(long);
    public const int MaximumBytes = 100_000_000;

    public static bool Recognizes(MappedFile file) => file.Length > LengthBytes && file.Span(LengthBytes, 1)[0] == '{';

    public static WeightFile Read(MappedFile file)
    {
        if (file.Length < LengthBytes)
        {
            throw file.Error(0, FormattableString.Invariant($"expected {LengthBytes} bytes with the header's length, the file has {file.Length}"));
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, LengthBytes));
        if (length is < 2 or > MaximumBytes)
        {
            throw file.Error(0, FormattableString.Invariant($"expected a header of 2 to {MaximumBytes} bytes, got {length}"));
        }

        if ((long)length > file.Length - LengthBytes)
        {
            throw file.Error(0, FormattableString.Invariant($"the header has {length} bytes, {file.Length - LengthBytes} are left: the file is truncated"));
        }

        var json = file.Span(LengthBytes, (long)length);
        if (json[0] != '{' || !Utf8.IsValid(json))
        {
            throw file.Error(LengthBytes, "expected a header in JSON, in UTF-8");
        }

        return Parse(file, json);
    }

    private static WeightFile Parse(MappedFile file, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var layouts = new OrderedDictionary<string, TensorLayout>(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        try
        {
            reader.Read();
            while (Next(file, ref reader) is { } name)
            {
                bool first = string.Equals(name, MetadataKey, StringComparison.Ordinal)
                    ? metadata is null && (metadata = Metadata(file, ref reader)) is not null
                    : layouts.TryAdd(name, Entry(file, ref reader, name, LengthBytes + json.Length));
                if (!first)
                {
                    throw Error(file, reader, $"'{name}' occurs twice");
                }
            }

            // Anything but white space after the end is an error to the reader.
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new WeightFileException(file.Path, LengthBytes + reader.BytesConsumed, $"the header is not valid JSON: {e.Message}", e);
        }

        CheckPlaces(file, LengthBytes + json.Length, layouts);
        return new WeightFile(file, WeightFormat.SafeTensors, layouts, metadata);
    }

    private static Dictionary<string, string> Metadata(MappedFile file, ref Utf8JsonReader reader)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(file, ref reader, JsonTokenType.StartObject, MetadataKey);
        while (Next(file, ref reader) is { } key)
        {
            Expect(file, ref reader, JsonTokenType.String, $"{MetadataKey}, '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw Error(file, reader, $"{MetadataKey} has '{key}' twice");
            }
        }

        return metadata;
    }

    private static TensorLayout Entry(MappedFile file, ref Utf8JsonReader reader, string name, long dataStart)
    {
        ElementType? type = null;
        List<long>? shape = null, place = null;
        Expect(file, ref reader, JsonTokenType.StartObject, $"'{name}'");
        while (Next(file, ref reader) is { } field)
        {
            switch (field)
            {
                case "dtype" when type is null:
                    Expect(file, ref reader, JsonTokenType.String, $"'{name}', dtype");
                    type = ElementType.OfSafeTensors(reader.GetString()!)
                        ?? throw Error(file, reader, $"'{name}': expected a dtype of {ElementType.Names}, got '{reader.GetString()}'");
                    break;
                case "shape" when shape is null:
                    shape = Numbers(file, ref reader, TensorLayout.MaximumDimensions, $"'{name}', shape");
                    break;
                case "data_offsets" when place is null:
                    place = Numbers(file, ref reader, most: 2, $"'{name}', data_offsets");
                    break;
                default:
                    throw Error(file, reader, $"'{name}': expected dtype, shape and data_offsets, each once, got '{field}'");
            }
        }

        if (type is null || shape is null || place is not [long begin, long end])
        {
            throw Error(file, reader, $"'{name}': expected dtype, shape and two data_offsets");
        }

        if (begin > end || end > file.Length - dataStart)
        {
            throw Error(file, reader, FormattableString.Invariant($"'{name}': data_offsets [{begin},{end}] are not in the file, which has {file.Length - dataStart} bytes of data"));
        }

        if (TensorLayout.Count([.. shape], type.Size) is not { } elements || elements * type.Size != end - begin)
        {
            throw Error(file, reader, FormattableString.Invariant($"'{name}': {type.SafeTensors} [{string.Join(',', shape)}] does not have the {end - begin} bytes of its data_offsets"));
        }

        return new TensorLayout(type, [.. shape], Strides: null, dataStart + begin, elements);
    }

    private static List<long> Numbers(MappedFile file, ref Utf8JsonReader reader, int most, string what)
    {
        Expect(file, ref reader, JsonTokenType.StartArray, what);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0 || numbers.Count == most)
            {
                throw Error(file, reader, $"{what}: expected {most} whole numbers below 2^63 at most, none of them negative");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    // Every byte of the data belongs to one tensor.
    private static void CheckPlaces(MappedFile file, long dataStart, OrderedDictionary<string, TensorLayout> layouts)
    {
        long end = dataStart;
        foreach (var (name, layout) in layouts.OrderBy(entry => entry.Value.Offset).ThenBy(entry => entry.Value.Bytes))
        {
            if (layout.Offset != end)
            {
                throw file.Error(layout.Offset, FormattableString.Invariant($"'{name}' {(layout.Offset < end ? "overlaps the tensor before it" : "leaves a gap before it")}: expected its data at {end}"));
            }

            end += layout.Bytes;
        }

        if (end != file.Length)
        {
            throw file.Error(end, FormattableString.Invariant($"{file.Length - end} unused bytes after the last tensor"));
        }
    }

    // The next key of an object; null at its end.
    private static string? Next(MappedFile file, ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.EndObject => null,
            JsonTokenType.PropertyName => reader.GetString()!,
            _ => throw Error(file, reader, "expected a name"),
        };
    }

    private static void Expect(MappedFile file, ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            throw Error(file, reader, $"{what}: expected {type}, got {reader.TokenType}");
        }
    }

    private static WeightFileException Error(MappedFile file, in Utf8JsonReader reader, string reason) => file.Error(LengthBytes + reader.TokenStartIndex, reason);
}
