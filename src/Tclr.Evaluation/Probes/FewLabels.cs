using System.Globalization;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Limited labels: how well does an encoder do where only a part of the training videos has labels?</summary>
/// <remarks>
/// A subset has the same share of every class, and one video of each at least. Subset <c>n</c> of a small share is a part of
/// subset <c>n</c> of a larger one. Source: Dave et al., "TCLR" (2022): 1, 10, 20 and 50 %, three random subsets each.
/// </remarks>
/// <example><code>
/// var rows = await FewLabels.RunAsync(trainLabels, async (subset, token) =>
/// {
///     using var encoder = LoadEncoder();
///     var chosen = subset.Items.Select(video => train.Items[video]).ToHashSet();
///     var result = await FineTuning.TrainAsync(encoder, Videos(train.Where(chosen.Contains)), cancellationToken: token);
///     return result.Accuracy;
/// });
/// </code></example>
public static class FewLabels
{
    private const ulong Stream = 0x666577;

    /// <summary>Draws a subset.</summary>
    /// <param name="labels">The class of each training video.</param>
    /// <param name="share">The share of each class, above 0 and at most 1; the number is rounded and at least 1.</param>
    /// <param name="number">Which of the random subsets, 0 or more.</param>
    /// <param name="seed">Seed of the subsets.</param>
    /// <returns>The subset; the same arguments give the same one on every machine.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static FewLabelsSubset Draw(IReadOnlyList<int> labels, double share, int number, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "expected a share above 0 and at most 1");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var items = new List<int>();
        foreach (var videos in labels.Index().GroupBy(entry => entry.Item, entry => entry.Index))
        {
            int[] order = [.. videos];
            var random = CounterRandom.For(seed, (ulong)number, unchecked((ulong)videos.Key), Stream);
            random.Shuffle(order.AsSpan());
            items.AddRange(order.Take(Math.Max(1, (int)Math.Round(share * order.Length, MidpointRounding.AwayFromZero))));
        }

        items.Sort();
        return new FewLabelsSubset(share, number, items);
    }

    /// <summary>Trains and tests with each subset of each share.</summary>
    /// <param name="labels">The class of each training video.</param>
    /// <param name="evaluate">Trains on a subset and gives the test accuracy, 0 to 1.</param>
    /// <param name="options">Which subsets; <see langword="null"/> for TCLR's.</param>
    /// <param name="progress">Hears each subset when it is done.</param>
    /// <param name="cancellationToken">Handed to <paramref name="evaluate"/>, and stops between two subsets.</param>
    /// <returns>A row for each share, in their order.</returns>
    /// <exception cref="ArgumentException">There is no label, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<IReadOnlyList<FewLabelsRow>> RunAsync(
        IReadOnlyList<int> labels,
        Func<FewLabelsSubset, CancellationToken, Task<double>> evaluate,
        FewLabelsOptions? options = null,
        IProgress<FewLabelsSubset>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(evaluate);
        options ??= new FewLabelsOptions();
        if (labels.Count == 0 || options.Shares.Count == 0 || options.Subsets < 1 || !options.Shares.All(share => share is > 0 and <= 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"FewLabels: expected labels, shares above 0 and at most 1 and one subset or more, got {labels.Count} labels, shares [{string.Join(", ", options.Shares.Select(share => share.ToString(CultureInfo.InvariantCulture)))}] and {options.Subsets} subsets"),
                nameof(options));
        }

        return RowsAsync(labels, evaluate, options, progress, cancellationToken);
    }

    /// <summary>A linear probe on features that are ready with each subset of each share.</summary>
    /// <param name="training">Features <c>[N, D]</c>; the caller keeps owning them.</param>
    /// <param name="trainingLabels">Their <c>N</c> classes, from 0 and without gaps.</param>
    /// <param name="test">Features <c>[M, D]</c>, or <c>[M, K, D]</c> of <c>K</c> clips, on the same device; the caller keeps owning them.</param>
    /// <param name="testLabels">Their <c>M</c> classes.</param>
    /// <param name="options">Which subsets; <see langword="null"/> for TCLR's.</param>
    /// <param name="probe">How to train; <see langword="null"/> for TCLR's.</param>
    /// <param name="progress">Hears each subset when it is done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>A row for each share, in their order.</returns>
    /// <exception cref="ArgumentException">The input does not suit <see cref="LinearProbe"/>, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<IReadOnlyList<FewLabelsRow>> ProbeAsync(
        Tensor training,
        IReadOnlyList<int> trainingLabels,
        Tensor test,
        IReadOnlyList<int> testLabels,
        FewLabelsOptions? options = null,
        LinearProbeOptions? probe = null,
        IProgress<FewLabelsSubset>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ProbeInput.Check(training, trainingLabels, test, testLabels);
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

    private static async Task<IReadOnlyList<FewLabelsRow>> RowsAsync(
        IReadOnlyList<int> labels,
        Func<FewLabelsSubset, CancellationToken, Task<double>> evaluate,
        FewLabelsOptions options,
        IProgress<FewLabelsSubset>? progress,
        CancellationToken cancellationToken)
    {
        var rows = new List<FewLabelsRow>();
        foreach (double share in options.Shares)
        {
            var accuracies = new List<double>();
            int videos = 0;
            for (int number = 0; number < options.Subsets; number++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var subset = Draw(labels, share, number, options.Seed);
                videos = subset.Items.Count;
                accuracies.Add(await evaluate(subset, cancellationToken).ConfigureAwait(false));
                progress?.Report(subset);
            }

            rows.Add(new FewLabelsRow(share, videos, accuracies));
        }

        return rows;
    }
}
