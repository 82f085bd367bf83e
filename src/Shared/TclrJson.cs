using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr;

/// <summary>How Tclr writes and reads JSON: properties and enum values in snake_case, NaN and the infinities as text.</summary>
internal static class TclrJson
{
    /// <summary>Indented, for files that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>On one line, for JSON Lines.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Indented) { WriteIndented = false };

    /// <summary>Indented; a property that is not known is an error. For files that people write.</summary>
    public static JsonSerializerOptions Strict { get; } = new(Indented) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
}
