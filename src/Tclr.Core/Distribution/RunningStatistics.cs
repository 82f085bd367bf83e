using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>
/// Combines the running statistics of batch normalization that the passes of all ranks left, so that they are those of one process that
/// ran all passes in order.
/// </summary>
/// <remarks>
/// A pass maps a running statistic <c>r</c> to <c>a r + c</c>, where <c>a = (1 - momentum)^updates</c>. After all passes of a step it is
/// <c>r</c> times all <c>a</c>, plus each <c>c</c> times the <c>a</c> of the passes that come later in the order of one process:
/// by batch, views, rank, and group of videos.
/// </remarks>
internal sealed class RunningStatistics : IDisposable
{
    private readonly ICollective collective;
    private readonly BatchNorm[] layers;
    private readonly Tensor[] others;
    private readonly List<(RankPass Pass, Tensor Added)> passes = [];
    private readonly SortedDictionary<int, double[]> decays = [];
    private readonly Dictionary<string, Tensor> factors = new(StringComparer.Ordinal);
    private Tensor? start;
    private Tensor? startCounts;
    private Tensor? before;
    private double[]? counted;

    /// <summary>Finds the running statistics of networks.</summary>
    /// <param name="collective">The collective.</param>
    /// <param name="networks">The networks, on their device.</param>
    /// <exception cref="TclrConfigurationException">A layer averages over all batches since the start, which has no such form.</exception>
    public RunningStatistics(ICollective collective, IReadOnlyList<nn.Module> networks)
    {
        this.collective = collective;
        layers = [.. networks.SelectMany(network => network.modules().Prepend(network)).OfType<BatchNorm>().Where(layer => layer.track_running_stats).Distinct()];
        if (layers.Any(layer => layer.momentum is null))
        {
            throw new TclrConfigurationException(["Across: expected batch normalization with a momentum, such as 0.1, got a layer without, whose statistics are the average over all batches of one process"]);
        }

        var known = layers.SelectMany(layer => (Tensor[])[layer.running_mean!, layer.running_var!, layer.num_batches_tracked!]).Select(buffer => buffer.Handle).ToHashSet();
        others = [.. networks.SelectMany(network => network.named_buffers()).Select(entry => entry.Item2).Where(buffer => !known.Contains(buffer.Handle))];
    }

    /// <summary>Begins a step.</summary>
    public void Begin()
    {
        Clear();
        if (layers.Length > 0)
        {
            using var unrecorded = no_grad();
            using var scope = NewDisposeScope();
            startCounts = Counts().DetachFromDisposeScope();
            start = Values().DetachFromDisposeScope();
            before = start.alias().DetachFromDisposeScope();
            counted = decays.Count == 0 ? HostTransfer.Read(startCounts) : null;
        }
    }

    /// <summary>Records what a pass that was just run changed.</summary>
    /// <param name="pass">The pass.</param>
    public void Record(RankPass pass)
    {
        if (layers.Length == 0)
        {
            return;
        }

        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        if (counted is not null)
        {
            // The first step shows how often a pass of these views uses each layer.
            double[] now = HostTransfer.Read(Counts());
            decays[pass.Group] = [.. layers.Index().Select(layer => Math.Pow(1 - layer.Item.momentum!.Value, now[layer.Index] - counted[layer.Index]))];
            counted = now;
        }

        var after = Values();
        passes.Add((pass, (after - (before! * Factor(group => group == pass.Group ? 1 : 0))).DetachFromDisposeScope()));
        before!.Dispose();
        before = after.DetachFromDisposeScope();
    }

    /// <summary>The share of this rank in the statistics after the step, to be summed over the ranks; <see langword="null"/> if there are none.</summary>
    /// <param name="batches">Number of batches of the step.</param>
    /// <returns>The share, in the caller's dispose scope.</returns>
    public Tensor? Share(int batches)
    {
        if (layers.Length == 0)
        {
            return null;
        }

        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var share = collective.Rank == 0 ? start! * Factor(_ => Later(batches)) : zeros_like(start!);
        foreach (var (pass, added) in passes)
        {
            int sameViews = (pass.Chunks * collective.Size) - (collective.Rank * pass.Chunks) - pass.Chunk - 1;
            share.add_(added * Factor(group => Later(batches - 1 - pass.Batch) + (group > pass.Group ? Later(1) : group == pass.Group ? sameViews : 0)));
        }

        return share.MoveToOuterDisposeScope();

        int Later(int count) => count * passes[0].Pass.Chunks * collective.Size;
    }

    /// <summary>Ends a step.</summary>
    /// <param name="sum">The sum of the shares; <see langword="null"/> if there are none.</param>
    public void Finish(Tensor? sum)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        long first = 0;
        foreach (var (i, layer) in layers.Index())
        {
            foreach (var buffer in Averages(layer))
            {
                buffer.copy_(sum!.narrow(0, first, buffer.numel()).view(buffer.shape));
                first += buffer.numel();
            }

            var count = layer.num_batches_tracked!;
            count.add_((count - startCounts![i]) * (collective.Size - 1));
        }

        // What they mean is not known: all ranks keep those of the first.
        if (others.Length > 0)
        {
            FlatTensors.Broadcast(collective, others);
        }

        Clear();
    }

    public void Dispose()
    {
        Clear();
        foreach (var factor in factors.Values)
        {
            factor.Dispose();
        }
    }

    private void Clear()
    {
        start?.Dispose();
        startCounts?.Dispose();
        before?.Dispose();
        passes.ForEach(pass => pass.Added.Dispose());
        passes.Clear();
        (start, startCounts, before, counted) = (null, null, null, null);
    }

    private static Tensor[] Averages(BatchNorm layer) => [layer.running_mean!, layer.running_var!];

    private Tensor Values() => cat([.. layers.SelectMany(Averages)], 0).to(ScalarType.Float64);

    private Tensor Counts() => stack(layers.Select(layer => layer.num_batches_tracked!));

    // The factors of a number of passes of each group of views, for each value; kept, as they are the same in all steps.
    private Tensor Factor(Func<int, int> passesOf)
    {
        string key = string.Join(' ', decays.Keys.Select(passesOf));
        if (factors.TryGetValue(key, out var factor))
        {
            return factor;
        }

        double[] ofLayers = [.. layers.Index().Select(layer => decays.Aggregate(1.0, (product, group) => product * Math.Pow(group.Value[layer.Index], passesOf(group.Key))))];
        double[] values = [.. layers.Zip(ofLayers).SelectMany(layer => Enumerable.Repeat(layer.Second, (int)(2 * layer.First.num_features)))];
        factor = HostTransfer.Upload(tensor(values), layers[0].running_mean!.device).DetachFromDisposeScope();
        return factors[key] = factor;
    }
}

/// <summary>A pass of this rank.</summary>
/// <param name="Batch">The batch of the step.</param>
/// <param name="Group">The views, counted in the plan of the branch.</param>
/// <param name="Chunk">The videos, counted in the rank's share of the batch.</param>
/// <param name="Chunks">Number of passes of these views on each rank.</param>
internal readonly record struct RankPass(int Batch, int Group, int Chunk, int Chunks);
