using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr.Reports;

/// <summary>Reads and writes a <see cref="RunReport"/> as JSON.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new TextConverter(), new NumberConverter(), new PointConverter(), new MatrixConverter(), new MeanStdConverter(), new CellConverter(),
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
        },
    };

    public static string Write(RunReport report) => JsonSerializer.Serialize(report, Options) + "\n";

    public static RunReport Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RunReport>(json, Options) ?? throw new JsonException("null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or NotSupportedException)
        {
            throw new InvalidDataException($"RunReport: expected the JSON of a report: {exception.Message}", exception);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, MeanStd value)
    {
        writer.WritePropertyName("value");
        WriteNumber(writer, value.Mean);
        if (value.Std is { } std)
        {
            writer.WritePropertyName("std");
            WriteNumber(writer, std);
            writer.WriteNumber("runs", value.Runs);
        }
    }

    private static MeanStd? ReadFields(JsonElement fields) => !fields.TryGetProperty("value", out var mean)
        ? null
        : fields.TryGetProperty("std", out var std)
            ? new MeanStd(Number(mean), Number(std), fields.GetProperty("runs").GetInt32())
            : new MeanStd(Number(mean));

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Null ? double.NaN : element.GetDouble();

    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(HtmlText.Clean(value));
    }

    /// <summary>Numbers that are NaN or infinite are null.</summary>
    private sealed class NumberConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => WriteNumber(writer, value);
    }

    private sealed class PointConverter : JsonConverter<(double X, double Y)>
    {
        public override (double X, double Y) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<double[]>(ref reader, options) is [var x, var y] ? (x, y) : throw new JsonException("expected two numbers");

        public override void Write(Utf8JsonWriter writer, (double X, double Y) value, JsonSerializerOptions options)
            => JsonSerializer.Serialize(writer, (double[])[value.X, value.Y], options);
    }

    private sealed class MatrixConverter : JsonConverter<double[,]>
    {
        public override double[,] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            double[][] rows = JsonSerializer.Deserialize<double[][]>(ref reader, options)!;
            var values = new double[rows.Length, rows.Length == 0 ? 0 : rows[0].Length];
            foreach (var (i, row) in rows.Index())
            {
                if (row.Length != values.GetLength(1))
                {
                    throw new JsonException(FormattableString.Invariant($"expected rows of {values.GetLength(1)} numbers, got {row.Length}"));
                }

                foreach (var (j, value) in row.Index())
                {
                    values[i, j] = value;
                }
            }

            return values;
        }

        public override void Write(Utf8JsonWriter writer, double[,] value, JsonSerializerOptions options)
        {
            int columns = value.GetLength(1);
            JsonSerializer.Serialize(writer, columns == 0 ? [] : value.Cast<double>().Chunk(columns), options);
        }
    }

    private sealed class MeanStdConverter : JsonConverter<MeanStd>
    {
        public override MeanStd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => ReadFields(JsonElement.ParseValue(ref reader)) ?? throw new JsonException("expected a value");

        public override void Write(Utf8JsonWriter writer, MeanStd value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            WriteFields(writer, value);
            writer.WriteEndObject();
        }
    }

    private sealed class CellConverter : JsonConverter<ReportCell>
    {
        public override ReportCell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var cell = JsonElement.ParseValue(ref reader);
            return new ReportCell(cell.GetProperty("text").GetString()!, ReadFields(cell)) { Link = cell.TryGetProperty("link", out var link) ? link.GetString() : null };
        }

        public override void Write(Utf8JsonWriter writer, ReportCell value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("text", HtmlText.Clean(value.Text));
            if (value.Value is { } number)
            {
                WriteFields(writer, number);
            }

            if (value.Link is { } link)
            {
                writer.WriteString("link", HtmlText.Clean(link));
            }

            writer.WriteEndObject();
        }
    }
}
