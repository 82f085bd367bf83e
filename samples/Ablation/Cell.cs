using System.Globalization;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Models;
using Tclr.Samples.EmbeddedSet;

namespace Tclr.Samples.Ablation;

/// <summary>One row with one seed: trained, or taken up at its newest checkpoint, and judged.</summary>
internal sealed class Cell(AblationOptions options, VideoSet set, Row row, ulong seed, string folder)
{
    public const string Recall = "R@1";

    private const int ClipSize = 32;
    private const int EvaluationBatch = 32;
    private const int LastSteps = 20;

    private readonly OpenCvVideoReader reader = new(new OpenCvVideoReaderOptions { ShortSide = options.Videos is null ? null : ClipSize * 3 / 2 });
    private readonly Queue<TrainingProgress> last = new();

    /// <summary>Trains and judges; null if it was stopped.</summary>
    public async Task<CellResult?> RunAsync(ProgressContext context, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"Seed {seed}, {row.Name}");
        using var trainer = Build(context, name);
        if (row.IsTrained && !(await trainer.TrainAsync(cancellationToken)).Completed)
        {
            return null;
        }

        var judging = context.AddTask($"{name}: judging", maxValue: set.Gallery.Items.Count + set.Queries.Items.Count);
        using var gallery = await FeaturesAsync(trainer.Encoder, set.Gallery, set.GalleryClips, judging, cancellationToken);
        using var queries = await FeaturesAsync(trainer.Encoder, set.Queries, set.QueryClips, judging, cancellationToken);
        var terms = last.SelectMany(step => step.Terms).GroupBy(term => term.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Math.Round(group.Average(term => term.Value), 4), StringComparer.Ordinal);
        return new CellResult { Row = row.Key, Seed = seed, Measures = Judge(gallery, queries, cancellationToken), Terms = terms, Steps = trainer.Step, Seconds = 0 };
    }

    private static int[] Labels(VideoIndex index, Func<VideoItem, int> label) => [.. index.Items.Select(label)];

    private Dictionary<string, double> Judge(VideoFeatures gallery, VideoFeatures queries, CancellationToken cancellationToken)
    {
        var probe = LinearProbe.Train(
            gallery.Values, Labels(set.Gallery, item => item.ClassIndex), queries.Values, Labels(set.Queries, item => item.ClassIndex),
            LinearProbeOptions.Tclr with { Seed = seed }, cancellationToken: cancellationToken);
        var measures = new Dictionary<string, double>(StringComparer.Ordinal) { ["linear"] = 100 * probe.Accuracy };
        int[] ks = [1, Math.Min(5, set.Gallery.Items.Count)];
        foreach (var (i, judgment) in set.Judgments.Index())
        {
            var found = Retrieval.Evaluate(queries.Values, Labels(set.Queries, judgment.Label), gallery.Values, Labels(set.Gallery, judgment.Label), ks);
            measures[i == 0 ? Recall : $"{Recall} {judgment.Name}"] = 100 * found.RecallAt(1);
            if (i == 0)
            {
                measures["R@5"] = 100 * found.RecallAt(ks[1]);
            }
        }

        return measures;
    }

    private TclrTrainer Build(ProgressContext context, string name)
    {
        var recipe = options.Recipe;
        var builder = new TclrTrainerBuilder()
            .FromVideos(set.Train, ClipSamplers.Tclr(VideoSet.ClipLength, VideoSet.Timesteps), recipe.Augmentation(ClipSize), reader)
            .UseEncoder(VideoEncoders.SmallR3D)
            .UseTclrHead(recipe.HeadHidden, recipe.HeadEmbedding)
            .AddTclrLoss(row.IsTrained ? row.Loss(recipe) : null)
            .UseAdam(new AdamOptions { LearningRate = recipe.LearningRate, WeightDecay = recipe.WeightDecay })
            .UseSchedule(LearningRateSchedules.WarmupCosine(recipe.WarmupSteps, recipe.FinalFactor))
            .WithBatchSize(Math.Min(recipe.BatchSize, set.Train.Items.Count))
            .ForSteps(recipe.Steps)
            .WithSeed(seed);
        if (!row.IsTrained)
        {
            return builder.Build();
        }

        var task = context.AddTask($"{name}: training", maxValue: recipe.Steps);
        return builder
            .CheckpointTo(Path.Combine(folder, "checkpoints"))
            .WriteMetricsTo(Path.Combine(folder, "metrics.jsonl"))
            .ReportTo(new StepReport(step =>
            {
                last.Enqueue(step);
                if (last.Count > LastSteps)
                {
                    last.Dequeue();
                }

                task.Value(step.Step).Description(string.Create(CultureInfo.InvariantCulture, $"{name}: loss {step.Loss:0.00}"));
            }))
            .Resume()
            .Build();
    }

    private async Task<VideoFeatures> FeaturesAsync(IVideoEncoder encoder, VideoIndex index, IClipSampler clips, ProgressTask task, CancellationToken cancellationToken)
    {
        var source = new VideoClips(index, reader, clips, Augmentations.Evaluation(ClipSize));
        double before = task.Value;
        var progress = new Progress<int>(done => task.Value(before + done));
        return await new FeatureExtractor(encoder).ExtractAsync(source, EvaluationBatch, progress, cancellationToken);
    }

    private sealed class StepReport(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
