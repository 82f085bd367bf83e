using System.Globalization;
using Tclr.Core;

namespace Tclr.Distributed.Tests.Worker;

/// <summary>The program that the tests start as several processes: carries out a scenario, and reports what was not as it should be.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Action<string[]>> Scenarios = new(StringComparer.Ordinal)
    {
        ["operations"] = _ => Operations.Run(),
        ["gpu"] = _ => GpuOperations.Run(),
        ["freeze"] = _ => Faults.SumUntil(rank: 1, () => Signals.Send(Environment.ProcessId, Signals.Stop)),
        ["kill"] = _ => Faults.SumUntil(rank: 1, () => Signals.Send(Environment.ProcessId, Signals.Kill)),
        ["throw"] = _ => Faults.SumUntil(rank: 1, () => throw new InvalidDataException("the disk is gone")),
        ["memory"] = _ => Faults.OutOfMemory(),
        ["abort"] = _ => Faults.Abort(),
        ["mismatch"] = _ => Faults.Mismatch(),
        ["version"] = _ => Faults.OtherVersion(),
        ["options"] = _ => Faults.OtherOptions(),
        ["stop"] = _ => Faults.WaitForStop(),
        ["alone"] = _ => Faults.Alone(),
        ["launched"] = _ => Console.WriteLine($"launched: {Collectives.IsLaunched}"),
    };

    public static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Coverage.Begin();
        Scenarios[args[0]](args[1..]);
        Coverage.Save();
        return 0;
    }

    /// <summary>Says something short. The console writes 256 characters at a time, so that longer lines of two processes would mix.</summary>
    public static void Say(ICollective ranks, string text) => Console.Write($"[{ranks.Rank}] {text}\n");
}
