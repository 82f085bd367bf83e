using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Tclr.Core;

/// <summary>What the bits of a run depend on beside its settings.</summary>
internal static class RunEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(TrainerConfiguration configuration) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["tclr"] = typeof(RunEnvironment).Assembly.GetName().Version!.ToString(),
        ["torch_binding"] = typeof(torch).Assembly.GetName() is { Name: var name, Version: var version } ? $"{name} {version}" : string.Empty,
        ["dotnet"] = Environment.Version.ToString(),
        ["platform"] = RuntimeInformation.RuntimeIdentifier,
        ["device"] = configuration.Device.ToString(),
        ["threads"] = configuration.Threads.ToString(CultureInfo.InvariantCulture),
        ["gradient_caching"] = configuration.GradientCaching.ToString(),
    };
}
