using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A step whose metrics are read from the device when they are first asked for.</summary>
internal sealed class StepReading(long step, BatchValues values, IReadOnlyList<string> samples, int clips, double learningRate, TimeSpan dataWait) : IDisposable
{
    private readonly BatchValues values = values;
    private double[]? numbers;

    /// <summary>Number of steps done with this one.</summary>
    public long Step { get; } = step;

    public IReadOnlyList<string> Samples { get; } = samples;

    public int Clips { get; } = clips;

    public double LearningRate { get; } = learningRate;

    public TimeSpan DataWait { get; } = dataWait;

    public double Loss => this[MetricNames.Loss];

    public IReadOnlyDictionary<string, double> Terms
        => values.Names.Zip(Numbers).Skip(1).TakeWhile(entry => !string.Equals(entry.First, MetricNames.EmbeddingDeviation, StringComparison.Ordinal)).ToDictionary(entry => entry.First, entry => entry.Second, StringComparer.Ordinal);

    /// <summary>The metrics that are not finite, as <c>local_local = NaN</c>.</summary>
    public IReadOnlyList<string> NonFinite
        => [.. values.Names.Zip(Numbers).Where(entry => !double.IsFinite(entry.Second)).Select(entry => FormattableString.Invariant($"{entry.First} = {entry.Second}"))];

    private double[] Numbers
    {
        get
        {
            if (numbers is null)
            {
                ReadTogether([this]);
            }

            return numbers!;
        }
    }

    public double this[string name] => Find(name) ?? double.NaN;

    /// <summary>A metric, or <see langword="null"/> if the step does not have it.</summary>
    public double? Find(string name)
    {
        for (int i = 0; i < values.Names.Count; i++)
        {
            if (string.Equals(values.Names[i], name, StringComparison.Ordinal))
            {
                return Numbers[i];
            }
        }

        return null;
    }

    public void Dispose() => values.Values.Dispose();

    /// <summary>Reads the metrics of several steps in one copy.</summary>
    public static void ReadTogether(IReadOnlyCollection<StepReading> readings)
    {
        StepReading[] unread = [.. readings.Where(reading => reading.numbers is null)];
        if (unread.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        double[] all = HostTransfer.Read(unread is [var only] ? only.values.Values : cat([.. unread.Select(reading => reading.values.Values)], 0));
        int first = 0;
        foreach (var reading in unread)
        {
            reading.numbers = all[first..(first += reading.values.Names.Count)];
        }
    }
}
