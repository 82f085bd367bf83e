using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Runs <c>tclr demo --videos</c>: trains on some of a user's videos and shows what the encoders know of the others, within a time limit.</summary>
internal sealed class FolderDemo(DemoOptions options)
{
    public const double UsualMinutes = 10;

    private const string RecipeFile = "recipe.json";
    private const string Names = "Encoders: random weights (random), trained by instance contrast alone (IC), and by TCLR.";
    private const int ProbeSteps = 60;
    private const int LastSteps = 20;
    private const int Small = 8;

    // Shares of the time: for reading the videos, for timing steps, and for report and surprises.
    private const double Reading = 0.35;
    private const double Timing = 0.1;
    private const double Reserve = 0.05;

    // Of the methods, to fit below pictures.
    private static readonly string[] ShortNames = ["random", "IC", "TCLR"];

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeSpan limit = TimeSpan.FromMinutes((1 - Reserve) * (options.Minutes ?? UsualMinutes));
    private readonly List<string> warnings = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        using var mine = FolderLock.Take(options.Output);
        var (wanted, isResumed) = Recipe();
        var decoder = Trial.Reader(wanted, embedded: false);
        var reader = Readers.Cached(decoder, options.Cache ?? Path.Combine(options.Output, "frames"));
        string indexFile = Path.Combine(options.Cache ?? options.Output, "videos.index");
        var videos = await ProgressDisplay.RunAsync(display => FolderVideos.ReadAsync(
            options.Videos!, decoder, reader, indexFile, wanted.Clips.Length, Reading * limit, display, cancellationToken));
        wanted = wanted with { BatchSize = Math.Min(wanted.BatchSize, videos.Training.Items.Count) };
        var (recipe, clips) = wanted.FitClips(videos.Infos);
        var fit = clips ?? throw new UsageException($"--recipe: expected a recipe with TCLR's clips, whose sampler is 'tclr', got '{RecipeRegistry.Default.NameOf(wanted.Clips.Sampler)}' in '{wanted.Name}'");
        Terminal.Note($"{videos.Training.Items.Count} videos to train on, {videos.HeldOut.Items.Count} held out. {fit.Message}");
        var measure = MomentMeasure.Of(recipe, fit, videos.HeldOut, reader);
        if (measure.LeftOut > 0)
        {
            Warn($"{measure.LeftOut} held-out videos are too short to have {MomentMeasure.Fewest} different moments, and are not measured.");
        }

        // Random weights first: what they take, the others take too.
        var results = new List<Row>();
        var begun = clock.Elapsed;
        results.Add(await RunAsync(DemoRun.Methods[0], recipe, videos, reader, measure, limit: null, cancellationToken));
        var measuring = clock.Elapsed - begun;
        recipe = isResumed ? recipe : recipe with { Epochs = null, Steps = await StepsAsync(recipe, videos, reader, measuring, cancellationToken) };
        recipe.Save(Path.Combine(options.Output, RecipeFile));
        var trained = DemoRun.Methods.Where(method => method.Trained).ToArray();
        foreach (var (i, method) in trained.Index())
        {
            var share = ((limit - clock.Elapsed) / (trained.Length - i)) - measuring;
            results.Add(await RunAsync(method, recipe, videos, reader, measure, share, cancellationToken));
        }

        Judge(recipe, fit, results);
        var report = Report(videos, recipe, fit, measure, results, cancellationToken);
        var table = report.Sections[0].Tables[0];
        Tables.Show(table);
        Terminal.Note($"{Names} {table.Caption}");
        foreach (string line in Verdicts(results))
        {
            Terminal.Say($"{line}");
        }

        warnings.ForEach(warning => Terminal.Warn($"{warning}"));
        string file = Path.Combine(options.Output, "report.html");
        report.SaveHtml(file);
        Terminal.Note($"{clock.Elapsed:m\\:ss} min, {recipe.Steps} steps. Report with pictures: {file}");
        Terminal.Note($"Checkpoints and metrics: {Path.Combine(options.Output, "tclr")} and {Path.Combine(options.Output, "ic")}");
    }

    private (TclrRecipe Recipe, bool IsResumed) Recipe()
    {
        string saved = Path.Combine(options.Output, RecipeFile);
        bool isResumed = options.Resume && File.Exists(saved);
        var recipe = isResumed ? TclrRecipe.Load(saved) : TclrRecipes.Find(options.Recipe ?? DemoOptions.FolderRecipe);
        if (recipe.Loss is not TclrLossRecipe)
        {
            throw new UsageException($"--recipe: expected a recipe with the loss 'tclr', got '{RecipeRegistry.Default.NameOf(recipe.Loss)}' in '{recipe.Name}'");
        }

        return (isResumed ? recipe : recipe with { BatchSize = options.BatchSize ?? recipe.BatchSize, Seed = options.Seed }, isResumed);
    }

    private async Task<Row> RunAsync(
        (string Name, string Folder, bool Trained, bool Temporal) method, TclrRecipe recipe, FolderVideos videos, IVideoReader reader, MomentMeasure measure, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var training = new EncoderTraining(method.Name, method.Temporal ? recipe : recipe.WithTerms(instance: true, localLocal: false, globalLocal: false), videos.Training, Path.Combine(options.Output, method.Folder), reader)
        {
            IsTrained = method.Trained,
            Resume = options.Resume,
            Limit = limit,
        };
        return await ProgressDisplay.RunAsync(async display =>
        {
            using var encoder = await training.RunAsync(display, "Go on with --resume.", cancellationToken);
            if (!encoder.IsComplete)
            {
                Warn($"{method.Name}: the time was over after {encoder.Trainer.Step} of {encoder.Trainer.TotalSteps} steps; it is measured as it is then. The machine was slower than at the start; --minutes gives more time.");
            }

            var bar = display.Add($"{method.Name}: measuring", measure.Videos.Items.Count);
            return new Row(method.Name, await measure.RunAsync(encoder.Trainer.Encoder, bar, cancellationToken), encoder.Progress);
        });
    }

    // As many steps as the recipe wants, or as fit the time by what a few of them take.
    private async Task<long> StepsAsync(TclrRecipe recipe, FolderVideos videos, IVideoReader reader, TimeSpan measuring, CancellationToken cancellationToken)
    {
        int perEpoch = Math.Max(1, videos.Training.Items.Count / recipe.BatchSize);
        long wanted = options.Steps ?? recipe.Steps ?? (long)(recipe.Epochs ?? 1) * perEpoch;
        var probe = new EncoderTraining("Timing a few steps", recipe with { Epochs = null, Steps = Math.Min(ProbeSteps, wanted) }, videos.Training, folder: null, reader) { Limit = Timing * limit };
        using var timed = await ProgressDisplay.RunAsync(display => probe.RunAsync(display, string.Empty, cancellationToken));
        long possible = StepsIn(((limit - clock.Elapsed) / 2) - measuring, timed.StepTime);
        if (possible < wanted)
        {
            Warn($"There is time for {possible} of {wanted} steps: a step takes {timed.StepTime.TotalMilliseconds:0} ms. --minutes gives more time.");
        }

        return Math.Min(wanted, possible);
    }

    // Steps take a little longer than at the start, since checkpoints are written too.
    private static long StepsIn(TimeSpan time, TimeSpan step) => Math.Max(1, (long)(0.9 * (time / step)));

    private void Judge(TclrRecipe recipe, ClipFit fit, List<Row> results)
    {
        if (results[^1].Progress.TakeLast(LastSteps).Select(step => step.Terms.GetValueOrDefault(LossPlateau.Term)).ToArray() is { Length: > 0 } last
            && LossPlateau.Of(recipe, fit.LocalClips) is > 0 and var plateau && last.Average() > LossPlateau.Left * plateau)
        {
            double height = Math.Log((2 * fit.LocalClips) - 1);
            Warn($"TCLR's local-local loss stands at {height * last.Average() / plateau:0.00} a video and has not left its plateau, ln {(2 * fit.LocalClips) - 1} = {height:0.00}: the encoder does not tell the clips of a video apart yet, so the row of TCLR shows its instance loss. Train longer (--steps, --minutes).");
        }

        int count = results[0].Result.Videos;
        if (count < Small)
        {
            Warn($"{count} held-out videos are few: read the figures as examples. {Small * 3} videos or more in all give {Small} to measure on.");
        }
    }

    // Compared video by video.
    private static IEnumerable<string> Verdicts(List<Row> results)
    {
        foreach (var other in results.SkipLast(1).Reverse())
        {
            var difference = MeanStd.Of(results[^1].Result.WithinVideo.PerVideo.Zip(other.Result.WithinVideo.PerVideo, (a, b) => 100 * (a - b)));
            double error = (difference.Std ?? 0) / Math.Sqrt(difference.Runs);
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"Of the moments of a held-out video, TCLR finds {Math.Abs(difference.Mean):0.0} points {(difference.Mean < 0 ? "fewer" : "more")} than {other.Name} (± {error:0.0})");
            yield return difference.Runs >= Small && Math.Abs(difference.Mean) > 2 * error ? $"{text}." : $"{text}: no difference that {difference.Runs} videos can show.";
        }
    }

    private RunReport Report(FolderVideos videos, TclrRecipe recipe, ClipFit fit, MomentMeasure measure, List<Row> results, CancellationToken cancellationToken)
    {
        (string, MomentResult)[] rows = [.. ShortNames.Zip(results, (name, row) => (name, row.Result))];
        return new("Tclr demo")
        {
            Summary = string.Join(' ', Verdicts(results)),
            Settings =
            [
                new("videos", Path.GetFullPath(options.Videos!)),
                new("training videos", $"{videos.Training.Items.Count}"),
                new("held-out videos", $"{measure.Videos.Items.Count}"),
                new("clips", fit.Message),
                new("recipe", recipe.Name),
                new("steps", $"{recipe.Steps}"),
                new("seed", $"{recipe.Seed}"),
                .. warnings.Select(warning => new ReportSetting("warning", warning)),
            ],
            Sections =
            [
                new ReportSection("What the encoders know of held-out videos")
                {
                    Text = "Each video is cut into moments. The encoder is shown a moment with other colors and another crop, and is to find it again. Held-out videos were not seen in training.\n\n" + Names,
                    Tables = [rows.ToTable(string.Empty)],
                    Figures = [rows.ToThumbnails("What the encoders found", measure.Videos, cancellationToken: cancellationToken)],
                },
                new ReportSection("Training") { Figures = [.. results.Where(row => row.Progress.Count > 0).Select(row => DemoRun.Chart(row.Name, row.Progress))] },
            ],
            Recipe = recipe.ToJson(),
        };
    }

    private void Warn(FormattableString text) => warnings.Add(FormattableString.Invariant(text));

    /// <summary>An encoder and what it knows.</summary>
    private sealed record Row(string Name, MomentResult Result, IReadOnlyList<TrainingProgress> Progress);
}
