using System.Runtime.InteropServices;

namespace Tclr.Distributed.Tests;

/// <summary>Sends signals.</summary>
internal static partial class Signals
{
    public const int Kill = 9, User1 = 10, Stop = 19;

    public static void Send(int process, int signal) => Assert.That(kill(process, signal), Is.Zero);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
