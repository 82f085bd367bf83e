using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr.Cli;

/// <summary>How a check ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Health>))]
internal enum Health
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("fault")]
    Fault,
}

/// <summary>The result of one check.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do; <see langword="null"/> where all is well.</param>
internal sealed record Finding(string Check, Health Status, string Message, string? Advice = null)
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs a check; an exception of it is a fault.</summary>
    public static Finding Of(string check, Func<Finding> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Finding(check, Health.Fault, e.Message);
        }
    }
}
