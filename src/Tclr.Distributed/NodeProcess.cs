using System.Globalization;

namespace Tclr.Distributed;

/// <summary>Where a rank runs.</summary>
/// <param name="Node">Identifies the machine.</param>
/// <param name="Host">Its name.</param>
/// <param name="Processors">The processors on which the process may run.</param>
/// <param name="ProcessSpace">The name space of the process number.</param>
/// <param name="Id">The process number.</param>
internal sealed record NodeProcess(string Node, string Host, string Processors, string ProcessSpace, int Id)
{
    private const string Allowed = "Cpus_allowed_list:";

    /// <summary>This process.</summary>
    public static NodeProcess Current() => new(
        $"{Environment.MachineName} {Read("/proc/sys/kernel/random/boot_id")}",
        Environment.MachineName,
        Lines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Allowed, StringComparison.Ordinal))?[Allowed.Length..].Trim() ?? string.Empty,
        File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? string.Empty,
        Environment.ProcessId);

    /// <summary>The inverse of <see cref="Text"/>.</summary>
    public static NodeProcess Parse(string text)
    {
        string[] parts = text.Split('\n');
        return new NodeProcess(parts[0], parts[1], parts[2], parts[3], int.Parse(parts[4], CultureInfo.InvariantCulture));
    }

    /// <summary>For the other ranks.</summary>
    public string Text() => string.Join('\n', Node, Host, Processors, ProcessSpace, Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Why the process does not go on, seen from another one on its node; <see langword="null"/> if it does, or if that cannot be seen.</summary>
    public string? Standstill(NodeProcess observer)
    {
        if (!string.Equals(Node, observer.Node, StringComparison.Ordinal) || !string.Equals(ProcessSpace, observer.ProcessSpace, StringComparison.Ordinal))
        {
            return null;
        }

        // The state follows the name, which can contain anything.
        string state = Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/stat"));
        return state.Length == 0 ? "has ended" : state[(state.LastIndexOf(')') + 1)..].TrimStart() switch
        {
            ['T' or 't', ..] => "is stopped",
            ['Z' or 'X', ..] => "has ended",
            _ => null,
        };
    }

    private static string Read(string path) => Lines(path) is [var line, ..] ? line : string.Empty;

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
