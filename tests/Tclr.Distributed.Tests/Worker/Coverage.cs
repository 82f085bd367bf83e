using System.Reflection;

namespace Tclr.Distributed.Tests.Worker;

/// <summary>Saves what ran, where coverage is measured.</summary>
/// <remarks>
/// By itself each assembly that is measured saves when the process exits, but not when an exception ends it; and its lock does not hold
/// between processes that a launcher started in sessions of their own, so that two that end together collide.
/// </remarks>
internal static class Coverage
{
    /// <summary>Leaves saving to <see cref="Save"/>, which an exception that ends the process calls as well.</summary>
    public static void Begin()
    {
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Save();
        AppDomain.CurrentDomain.AssemblyLoad += (_, load) => SetSaving(Trackers(load.LoadedAssembly), false);
        SetSaving(AppDomain.CurrentDomain.GetAssemblies().SelectMany(Trackers), false);
    }

    /// <summary>Saves, one process after the other.</summary>
    public static void Save()
    {
        var trackers = AppDomain.CurrentDomain.GetAssemblies().SelectMany(Trackers).ToArray();
        if (trackers.Length == 0)
        {
            return;
        }

        using var turn = new Mutex(initiallyOwned: false, @"Global\Tclr.Distributed.Tests.Coverage");
        try
        {
            turn.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // A process was killed in its turn, which is this one's now.
        }

        SetSaving(trackers, true);
        foreach (var tracker in trackers)
        {
            tracker.GetMethod("UnloadModule")!.Invoke(null, [null, EventArgs.Empty]);
        }

        SetSaving(trackers, false);
        turn.ReleaseMutex();
    }

    private static IEnumerable<Type> Trackers(Assembly assembly)
        => assembly.GetName().Name!.StartsWith("Tclr", StringComparison.Ordinal) ? assembly.GetTypes().Where(type => type.Namespace is "Coverlet.Core.Instrumentation.Tracker") : [];

    private static void SetSaving(IEnumerable<Type> trackers, bool value)
    {
        foreach (var tracker in trackers)
        {
            tracker.GetField("FlushHitFile")!.SetValue(null, value);
        }
    }
}
