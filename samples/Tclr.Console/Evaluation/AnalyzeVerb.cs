using Tclr.Core;
using Tclr.Evaluation;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>What a representation is like: clips, timesteps, neighborhoods, attention, and how it was trained.</summary>
internal static class AnalyzeVerb
{
    private const int MostTimed = 64;
    private const int MostShown = 4;

    private static readonly int[] Neighbors = [1, 5];

    public static async Task<IReadOnlyList<ReportSection>> RunAsync(Job job, CancellationToken cancellationToken)
    {
        // First, because it may be damaged.
        var metrics = Pretrained.MetricsOf(job.Model.Source) is { } path ? TrainingMetrics.Read(path) : null;
        using var features = await job.ClipFeaturesAsync(cancellationToken);
        var sections = new List<ReportSection>();
        if (job.FeatureClips.Clips * job.FeatureClips.Crops > 1)
        {
            sections.Add(Clips(job, features));
        }

        sections.Add(Map(job, features.TestMeans, cancellationToken));
        sections.AddRange(await TimeAsync(job, cancellationToken));
        if (metrics is { Terms.Count: > 0 })
        {
            sections.Add(new ReportSection("Training") { Figures = [metrics.ToLossChart("Loss terms")] });
        }

        return sections;
    }

    private static ReportSection Clips(Job job, ClipFeatures features)
    {
        int[] ks = [.. Neighbors.Where(k => k <= job.TrainingLabels.Length)];
        return new ReportSection("Clips of a video")
        {
            Text = "Retrieval where each video, on both sides, is the mean of so many of its clips.",
            Figures =
            [
                new LineChart(
                    "Recall by clips", "clips of a video",
                    [.. ks.Select(k => ReportSeries.Numbered(FormattableString.Invariant($"R@{k}"), ClipCurves.Recall(features.Test, job.TestLabels, features.Training, job.TrainingLabels, k).Select(share => 100 * share)))])
                {
                    YLabel = "recall in %",
                },
            ],
        };
    }

    private static ReportSection Map(Job job, Tensor means, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        int count = (int)means.shape[0], shown = Math.Min(count, TSne.MostPoints);
        int[] places = Spread(shown, count);

        // Retrieval compares by cosine, the maps by distance.
        var unit = nn.functional.normalize(means.index_select(0, tensor(places, ScalarType.Int64)));
        int[] labels = [.. places.Select(place => job.TestLabels[place])];
        var pca = Pca.Project(unit, cancellationToken: cancellationToken);
        var figures = new List<ReportFigure>();
        if (shown >= 4)
        {
            var options = new TSneOptions { Seed = job.Options.Seed };
            var bar = job.Display.Add("t-SNE", options.Iterations);
            figures.Add(ScatterPlot.Of("t-SNE of the test videos", TSne.Project(unit, options, bar, cancellationToken), labels, job.Videos.Classes));
        }

        figures.Add(ScatterPlot.Of("Principal components of the test videos", pca.Points, labels, job.Videos.Classes) with
        {
            Caption = FormattableString.Invariant($"{100 * pca.Explained.Sum():0} % of the variance."),
        });
        return new ReportSection("Maps") { Text = "Mean features of the test videos, at unit length.", Figures = figures };
    }

    // Timesteps and attention of the middle clip of some test videos.
    private static async Task<IReadOnlyList<ReportSection>> TimeAsync(Job job, CancellationToken cancellationToken)
    {
        var index = job.Videos.Queries;
        int count = index.Items.Count;
        int[] timed = Spread(Math.Min(MostTimed, count), count);
        int[] shown = Spread(Math.Min(MostShown, timed.Length), timed.Length);
        var bar = job.Display.Add("Timesteps and attention", timed.Length);
        var slices = new List<Tensor>();
        var clips = new List<Tensor>();
        try
        {
            await foreach (var batch in job.Clips(index).ReadAsync(timed, batchSize: 1, cancellationToken))
            {
                using (batch)
                {
                    Take(job, batch.Clips, slices, shown.Contains(slices.Count) ? clips : null);
                    bar.Report(slices.Count);
                }
            }

            using var scope = NewDisposeScope();
            var kept = cat(clips, 0);
            string[] names = [.. shown.Select(place => index.Items[timed[place]]).Select(item => $"{item.Label}: {Path.GetFileName(item.Path)}")];
            var sections = new List<ReportSection>();
            if (slices[0].shape[2] > 1)
            {
                sections.Add(new ReportSection("Timesteps") { Figures = [TemporalDiversity.Measure(cat(slices, 0)).ToHeatMap("Similarity of timesteps")] });
            }

            var maps = AttentionMap.Of(job.Model.Encoder, kept);
            sections.Add(new ReportSection("Attention") { Figures = [maps.ToThumbnails("Where the encoder looks", ToRgb(job, kept), names)] });
            return sections;
        }
        finally
        {
            slices.ForEach(tensor => tensor.Dispose());
            clips.ForEach(tensor => tensor.Dispose());
        }
    }

    private static void Take(Job job, Tensor batch, List<Tensor> slices, List<Tensor>? clips)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var clip = batch.select(0, batch.shape[0] / 2);                  // [1, 3, T, H, W]
        slices.Add(job.Model.Encoder.Encode(clip.to(TorchRuntime.ParseDevice(job.Options.Device))).cpu().DetachFromDisposeScope());
        clips?.Add(clip.clone().DetachFromDisposeScope());
    }

    // The protocol of TCLR's code swaps red and blue.
    private static Tensor ToRgb(Job job, Tensor clips)
        => job.FeatureClips.CreateAugmentation().ChannelOrder == ChannelOrder.Bgr ? clips.index_select(1, tensor(new long[] { 2, 1, 0 })) : clips;

    private static int[] Spread(int count, int of) => [.. Enumerable.Range(0, count).Select(i => (int)(((2L * i) + 1) * of / (2L * count)))];
}
