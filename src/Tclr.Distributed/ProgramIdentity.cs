using System.Reflection;
using TorchSharp;

namespace Tclr.Distributed;

/// <summary>Identifies the program and its libraries. If they differ between ranks, so may what they compute.</summary>
internal static class ProgramIdentity
{
    /// <summary>Versions and builds.</summary>
    public static string Text { get; } = string.Join(", ", new[] { Assembly.GetEntryAssembly(), typeof(Core.ICollective).Assembly, typeof(Collectives).Assembly, typeof(torch).Assembly }
        .OfType<Assembly>().Select(assembly => $"{assembly.GetName().Name} {assembly.GetName().Version!.ToString(3)} ({assembly.ManifestModule.ModuleVersionId.ToString("N")[..8]})"));
}
