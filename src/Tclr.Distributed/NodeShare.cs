using System.Globalization;
using Tclr.Core;
using Tclr.Distributed.Native;
using static TorchSharp.torch;

namespace Tclr.Distributed;

/// <summary>The part of its node's GPUs and processors that is a process's own.</summary>
/// <param name="processes">The processes of the job, by rank.</param>
/// <param name="rank">The process.</param>
internal sealed class NodeShare(IReadOnlyList<NodeProcess> processes, int rank)
{
    private const string Devices = "CUDA_VISIBLE_DEVICES";

    private readonly NodeProcess mine = processes[rank];

    /// <summary>The number of the process among those of its node.</summary>
    public int LocalRank => processes.Take(rank).Count(IsHere);

    /// <summary>The number of threads that is this process's part of the processors on which it may run.</summary>
    /// <param name="processors">Their number.</param>
    public int Threads(int processors)
        => Math.Max(1, processors / processes.Count(process => IsHere(process) && string.Equals(process.Processors, mine.Processors, StringComparison.Ordinal)));

    /// <summary>The devices that this process should see; <see langword="null"/> leaves them as they are.</summary>
    /// <param name="visible">The value of <c>CUDA_VISIBLE_DEVICES</c>.</param>
    /// <exception cref="CollectiveException">There is no device for it.</exception>
    public string? Device(string? visible)
    {
        string[]? devices = visible?.Split(',', StringSplitOptions.TrimEntries);
        return devices switch
        {
            null => LocalRank.ToString(CultureInfo.InvariantCulture),
            { Length: 1 } => null,
            _ when LocalRank < devices.Length => devices[LocalRank],
            _ => throw new CollectiveException(string.Create(
                CultureInfo.InvariantCulture,
                $"it is process {LocalRank} of {processes.Count(IsHere)} on {mine.Host}, but {Devices} lists {devices.Length} devices: '{visible}'. Start as many processes on a node as it has GPUs.")),
        };
    }

    /// <summary>Makes the process see its own device only.</summary>
    /// <returns>Why it cannot be; <see langword="null"/> if it is done.</returns>
    public string? BindDevice(Func<string, string?> variable)
    {
        try
        {
            if (Device(variable(Devices)) is { } device)
            {
                LibC.SetVariable(Devices, device);
            }

            return null;
        }
        catch (CollectiveException e)
        {
            return e.Message;
        }
    }

    /// <summary>Gives torch the process's part of the processors.</summary>
    public void ShareProcessors(Func<string, string?> variable)
    {
        if (string.IsNullOrEmpty(variable("OMP_NUM_THREADS")))
        {
            TorchRuntime.Load();
            set_num_threads(Threads(Environment.ProcessorCount));
        }
    }

    private bool IsHere(NodeProcess process) => string.Equals(process.Node, mine.Node, StringComparison.Ordinal);
}
