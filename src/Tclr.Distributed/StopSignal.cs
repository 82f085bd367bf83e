using System.Runtime.InteropServices;

namespace Tclr.Distributed;

/// <summary>Cancels a token when the process receives SIGUSR1: the way to stop a job of several processes with a checkpoint.</summary>
/// <remarks>
/// <c>mpirun</c>, <c>mpiexec</c> and <c>srun</c> forward SIGUSR1 to all processes (<c>kill -USR1 PID-OF-MPIRUN</c>), whereas after Ctrl-C or SIGTERM they
/// kill the processes seconds later. Without this class SIGUSR1 ends a process at once, so create it at the start of the program. Windows has no SIGUSR1.
/// </remarks>
/// <example><code>
/// using var stop = new StopSignal();
/// await trainer.TrainAsync(stop.Token);
/// </code></example>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly PosixSignalRegistration? registration;

    /// <summary>Begins to listen.</summary>
    /// <param name="other">A token that cancels <see cref="Token"/> too.</param>
    public StopSignal(CancellationToken other = default)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(other);
        int number = OperatingSystem.IsLinux() ? 10 : OperatingSystem.IsMacOS() ? 30 : 0;
        registration = number == 0 ? null : PosixSignalRegistration.Create((PosixSignal)number, context =>
        {
            context.Cancel = true;
            _ = source.CancelAsync();
        });
    }

    /// <summary>Canceled after the signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        registration?.Dispose();
        source.Dispose();
    }
}
