using System.Reflection;
using System.Text.Json;

namespace Tclr.Models.Tests.Fixtures;

/// <summary>Golden values that travel inside of the test assembly.</summary>
internal static class GoldenFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static T Read<T>(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }
}
