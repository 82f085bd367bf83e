using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr;

/// <summary>The JSON options of Tclr: properties and enum values in snake_case, NaN and infinities as strings.</summary>
internal static class TclrJson
{
    /// <summary>Indented, for files that people read.</summary>
    /// <remarks>A null or a missing value where the type has none is an error of the file, and not of the code that uses it later.</remarks>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>On one line, for JSON Lines.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Indented) { WriteIndented = false };

    /// <summary>Indented; unknown properties are errors. For files that people write.</summary>
    public static JsonSerializerOptions Strict { get; } = new(Indented) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
}
