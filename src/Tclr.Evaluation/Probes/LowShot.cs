using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Low-shot evaluation: accuracy with labels for only a fraction of the training videos.</summary>
/// <remarks>
/// A subset has the same fraction of every class, and at least one video of each. Subset <c>n</c> of a fraction is contained in subset <c>n</c> of a
/// larger fraction. Source: Dave et al., "TCLR" (2022): fine-tuning with 1, 10, 20 and 50 % of the labels, three random subsets each.
/// </remarks>
/// <example><code>
/// var rows = await LowShot.FineTuneAsync(trainLabels, () => LoadEncoder(), subset =>
/// {
///     var chosen = subset.Items.Select(video => train.Items[video]).ToHashSet();
///     return Videos(train.Where(chosen.Contains));
/// });
/// </code></example>
public static class LowShot
{
    private const ulong Stream = 0x666577;

    /// <summary>Draws a subset.</summary>
    /// <param name="labels">The class of each training video.</param>
    /// <param name="share">The fraction of each class, above 0 and at most 1; the number of videos is rounded and at least 1.</param>
    /// <param name="number">Number of the random subset, 0 or more.</param>
    /// <param name="seed">Seed of the subsets.</param>
    /// <returns>The subset; the same arguments give the same one on every machine.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static LowShotSubset Draw(IReadOnlyList<int> labels, double share, int number, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        OptionChecker.ThrowIfInvalid(check => check.Require(share is > 0 and <= 1, share, "a share above 0 and at most 1"), nameof(share));
        var items = new List<int>();
        foreach (var videos in labels.Index().GroupBy(entry => entry.Item, entry => entry.Index))
        {
            int[] order = [.. videos];
            var random = CounterRandom.For(seed, (ulong)number, unchecked((ulong)videos.Key), Stream);
            random.Shuffle(order.AsSpan());
            items.AddRange(order.Take(Math.Max(1, (int)Math.Round(share * order.Length, MidpointRounding.AwayFromZero))));
        }

        items.Sort();
        return new LowShotSubset(share, number, items);
    }

    /// <summary>Trains and tests with each subset.</summary>
    /// <param name="labels">The class of each training video.</param>
    /// <param name="evaluate">Trains on a subset and returns the test accuracy, 0 to 1.</param>
    /// <param name="options">The subsets; <see langword="null"/> for those of TCLR.</param>
    /// <param name="progress">Reports each completed subset.</param>
    /// <param name="cancellationToken">Passed to <paramref name="evaluate"/>; also cancels between two subsets.</param>
    /// <returns>A row for each fraction, in order. If canceled, the rows of the completed subsets; the last row may have fewer accuracies.</returns>
    /// <exception cref="ArgumentException">There is no label, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before a subset was completed.</exception>
    public static Task<IReadOnlyList<LowShotRow>> RunAsync(
        IReadOnlyList<int> labels,
        Func<LowShotSubset, CancellationToken, Task<double>> evaluate,
        LowShotOptions? options = null,
        IProgress<LowShotSubset>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(evaluate);
        options ??= new LowShotOptions();
        OptionChecker.ThrowIfInvalid(
            check =>
            {
                check.AtLeast(labels.Count, 1);
                options.Check(check);
            },
            nameof(options));
        return RowsAsync(labels, evaluate, options, progress, cancellationToken);
    }

    /// <summary>Fine-tunes a new encoder with each subset, and tests. This is TCLR's protocol.</summary>
    /// <param name="labels">The class of each training video.</param>
    /// <param name="createEncoder">Creates the pre-trained encoder, once for each subset; it is disposed afterwards.</param>
    /// <param name="videos">The training videos of a subset, with all test videos.</param>
    /// <param name="options">The subsets; <see langword="null"/> for those of TCLR.</param>
    /// <param name="tuning">Settings of the fine-tuning; <see langword="null"/> for <see cref="FineTuningOptions.Tclr"/>.</param>
    /// <param name="testBatchSize">Number of test videos in a batch, 1 or more.</param>
    /// <param name="progress">Reports each completed subset.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>As for <see cref="RunAsync"/>.</returns>
    /// <exception cref="ArgumentException">There is no label, an option is out of its range, or the encoder does not accept the clips.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before a subset was completed.</exception>
    public static Task<IReadOnlyList<LowShotRow>> FineTuneAsync(
        IReadOnlyList<int> labels,
        Func<IVideoEncoder> createEncoder,
        Func<LowShotSubset, ClassifiedVideos> videos,
        LowShotOptions? options = null,
        FineTuningOptions? tuning = null,
        int testBatchSize = 4,
        IProgress<LowShotSubset>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(createEncoder);
        ArgumentNullException.ThrowIfNull(videos);
        OptionChecker.ThrowIfInvalid((tuning ?? FineTuningOptions.Tclr).Check, nameof(tuning));
        return RunAsync(
            labels,
            async (subset, token) =>
            {
                using var encoder = createEncoder();
                return (await FineTuning.TrainAsync(encoder, videos(subset), tuning, testBatchSize, cancellationToken: token).ConfigureAwait(false)).Accuracy;
            },
            options,
            progress,
            cancellationToken);
    }

    /// <summary>Trains a linear probe on the features of each subset, and tests. It is faster than fine-tuning; the results are not comparable.</summary>
    /// <param name="training">Features <c>[N, D]</c>; the caller keeps owning them.</param>
    /// <param name="trainingLabels">Their <c>N</c> classes, from 0 and without gaps.</param>
    /// <param name="test">Features <c>[M, D]</c>, or <c>[M, K, D]</c> of <c>K</c> clips, on the same device; the caller keeps owning them.</param>
    /// <param name="testLabels">Their <c>M</c> classes.</param>
    /// <param name="options">The subsets; <see langword="null"/> for those of TCLR.</param>
    /// <param name="probe">Settings of the probe; <see langword="null"/> for those of TCLR.</param>
    /// <param name="progress">Reports each completed subset.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>As for <see cref="RunAsync"/>.</returns>
    /// <exception cref="ArgumentException">The input does not suit <see cref="LinearProbe"/>, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled before a subset was completed.</exception>
    public static Task<IReadOnlyList<LowShotRow>> ProbeAsync(
        Tensor training,
        IReadOnlyList<int> trainingLabels,
        Tensor test,
        IReadOnlyList<int> testLabels,
        LowShotOptions? options = null,
        LinearProbeOptions? probe = null,
        IProgress<LowShotSubset>? progress = null,
        CancellationToken cancellationToken = default)
    {
        InputCheck.Probe(training, trainingLabels, test, testLabels);
        return RunAsync(
            trainingLabels,
            (subset, token) => OwnThread.RunAsync(() =>
            {
                using var scope = NewDisposeScope();
                var chosen = training.index_select(0, tensor(subset.Items.ToArray(), ScalarType.Int64).to(training.device));
                return LinearProbe.Train(chosen, [.. subset.Items.Select(item => trainingLabels[item])], test, testLabels, probe, cancellationToken: token).Accuracy;
            }),
            options,
            progress,
            cancellationToken);
    }

    private static async Task<IReadOnlyList<LowShotRow>> RowsAsync(
        IReadOnlyList<int> labels,
        Func<LowShotSubset, CancellationToken, Task<double>> evaluate,
        LowShotOptions options,
        IProgress<LowShotSubset>? progress,
        CancellationToken cancellationToken)
    {
        var done = new List<(int Row, LowShotSubset Subset, double Accuracy)>();
        try
        {
            foreach (var (row, share) in options.Shares.Index())
            {
                for (int number = 0; number < options.Subsets; number++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var subset = Draw(labels, share, number, options.Seed);
                    done.Add((row, subset, await evaluate(subset, cancellationToken).ConfigureAwait(false)));
                    progress?.Report(subset);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && done.Count > 0)
        {
            // Completed subsets, which may have taken hours, are returned.
        }

        return [.. done.GroupBy(entry => entry.Row).Select(row => new LowShotRow(options.Shares[row.Key], row.First().Subset.Items.Count, [.. row.Select(entry => entry.Accuracy)]))];
    }
}

/// <summary>Settings of <see cref="LowShot"/>; the defaults are TCLR's.</summary>
public sealed record LowShotOptions
{
    /// <summary>Fractions of the training videos of each class.</summary>
    /// <value>One number or more, each above 0 and at most 1. The default value is 0.01, 0.1, 0.2 and 0.5.</value>
    public IReadOnlyList<double> Shares { get; init; } = [0.01, 0.1, 0.2, 0.5];

    /// <summary>Number of random subsets for each fraction.</summary>
    /// <value>1 or more. The default value is 3.</value>
    public int Subsets { get; init; } = 3;

    /// <summary>Seed of the subsets.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    internal void Check(OptionChecker check)
    {
        check.Require(Shares.Count > 0, "none", "one share or more", nameof(Shares));
        foreach (double share in Shares)
        {
            check.Require(share is > 0 and <= 1, share, "shares above 0 and at most 1", nameof(Shares));
        }

        check.AtLeast(Subsets, 1);
    }
}

/// <summary>A random subset of the training videos, stratified by class.</summary>
/// <param name="Share">The fraction of each class.</param>
/// <param name="Number">Number of the random subset, from 0.</param>
/// <param name="Items">Indices into the training videos, ascending.</param>
public sealed record LowShotSubset(double Share, int Number, IReadOnlyList<int> Items);

/// <summary>The accuracies with a fraction of the labels.</summary>
/// <param name="Share">The fraction of the training videos of each class.</param>
/// <param name="Videos">Number of training videos.</param>
/// <param name="Accuracies">Test accuracy of each random subset, 0 to 1.</param>
public sealed record LowShotRow(double Share, int Videos, IReadOnlyList<double> Accuracies)
{
    /// <summary>Mean accuracy.</summary>
    public double Mean => SampleStatistics.MeanStd(Accuracies).Mean;

    /// <summary>Sample standard deviation; 0 for a single accuracy.</summary>
    public double Deviation => SampleStatistics.MeanStd(Accuracies).Std ?? 0;
}
