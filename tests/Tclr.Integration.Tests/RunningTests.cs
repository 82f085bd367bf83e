using System.Diagnostics;
using Tclr.Core;
using Tclr.Data;
using Tclr.Losses;
using Tclr.Models;

namespace Tclr.Integration.Tests;

/// <summary>What users and their machines do to a run: two at a time, closed terminals, files and pipes, other languages.</summary>
public sealed class RunningTests
{
    private const char Escape = '\u001b';
    private const int Steps = 240;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        MovingSquares.Write(folder["videos"], videos: 12);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public async Task A_second_run_in_the_folder_of_a_running_one_is_refused()
    {
        NoWindows();
        using var process = Start("dotnet", null, "--steps", $"{Steps}");
        var end = Program.EndAsync(process);
        await WaitForCheckpoint(end);

        var other = await RunAsync(null, "--steps", $"{Steps}", "--seed", "9");
        var same = await RunAsync(null, "--steps", $"{Steps}", "--resume");

        Assert.That(end.IsCompleted, Is.False, "the first run must outlast the others");
        await Program.RunAsync(folder.Path, null, "kill", "-TERM", $"{process.Id}");
        await end;
        foreach (var outcome in new[] { other, same })
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
            Assert.That(outcome.Errors, Does.Contain($"is in use by process {process.Id} on host '{System.Environment.MachineName}'").And.Contain("choose another folder"));
        }

        Assert.That(Directory.Exists(folder["run/checkpoints/earlier-1"]), Is.False);
        Assert.That(TclrRecipe.Load(folder["run/recipe.json"]).Seed, Is.EqualTo(TclrRecipes.Tiny().Seed));
    }

    [Test]
    public async Task A_closed_terminal_saves_a_checkpoint()
    {
        NoWindows();
        using var process = Start("dotnet", null, "--steps", $"{Steps}");
        var end = Program.EndAsync(process);
        await WaitForCheckpoint(end);

        await Program.RunAsync(folder.Path, null, "kill", "-HUP", $"{process.Id}");
        var outcome = await end;

        Assert.That(outcome.ExitCode, Is.EqualTo(130), outcome.ToString());
        Assert.That(outcome.Output, Does.Contain("Go on with --resume"));
        var checkpoint = Checkpoint.Open(Store.Newest!);
        checkpoint.Verify();
        Assert.That(outcome.Output, Does.Contain($"Stopped at step {checkpoint.Step} of {Steps}"));
    }

    [Test]
    public async Task Under_nohup_a_closed_terminal_changes_nothing()
    {
        NoWindows();
        using var process = Start("nohup", null, "--steps", "30");
        var end = Program.EndAsync(process);
        await WaitForCheckpoint(end);

        await Program.RunAsync(folder.Path, null, "kill", "-HUP", $"{process.Id}");
        var outcome = await end;

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Contain("Done: 30 steps"));
    }

    // GITHUB_ACTIONS is what Spectre.Console takes for a terminal with colors.
    [TestCase("")]
    [TestCase("GITHUB_ACTIONS=true")]
    [TestCase("CI=true")]
    public async Task Into_a_pipe_every_program_writes_plain_lines(string variable)
    {
        var environment = Environment(variable, "TERM=xterm-256color", "COLORTERM=truecolor");
        string[][] programs =
        [
            [.. Program.Pretrain, "--videos", "videos", "--batch", "5", "--steps", "2", "--out", "run"],
            [.. Program.Evaluate, "retrieval", "--videos", "videos", "--checkpoint", "run", "--clips", "1", "--out", "evaluation"],
            [.. Program.Demo, "--videos", "videos", "--steps", "1", "--batch", "4", "--out", "quickstart"],
            [.. Program.Ablate, "--videos", "videos", "--steps", "1", "--batch", "4", "--rows", "random", "--seeds", "1", "--out", "ablation"],
        ];
        foreach (string[] arguments in programs)
        {
            var outcome = await Program.RunAsync(folder.Path, environment, "dotnet", arguments);

            Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
            Assert.That(outcome.Output + outcome.Errors, Does.Not.Contain(Escape), outcome.ToString());
        }
    }

    [TestCase("NO_COLOR=1", false)]
    [TestCase("TERM=dumb", false)]
    [TestCase("CI=true", false)]
    [TestCase("", true)]
    public async Task On_a_terminal_the_environment_decides(string variable, bool colored)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
        {
            Assert.Ignore("a terminal is made by 'script' of util-linux, which is missing");
        }

        var environment = Environment("TERM=xterm-256color", "CI=", "NO_COLOR=", variable);
        var outcome = await Program.RunAsync(folder.Path, environment, "script", "-qec", $"dotnet {string.Join(' ', Arguments("--steps", "2"))}", "/dev/null");

        Assert.That(outcome.Output.Contains(Escape, StringComparison.Ordinal), Is.EqualTo(colored), outcome.ToString());
        // Lines are wrapped to the width of the terminal.
        string text = string.Join(' ', outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.That(text, Does.Match(@"local_local \d+\.\d\d").And.Match(colored ? @"2/2, 100 ?%,.* to go .*waits \d+ of \d+ ms for data" : @"step 2/2 epoch 0 loss .* clips/s wait \d+ ms"), "terms, rate, wait for data");
        Assert.That(outcome.Output, Does.Contain("Done: 2 steps"));
    }

    [Test]
    public async Task A_full_disk_behind_standard_output_is_one_message_and_the_checkpoint_is_saved()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Ignore("there is no /dev/full");
        }

        var outcome = await Program.RunAsync(folder.Path, null, "sh", "-c", $"exec dotnet {string.Join(' ', Arguments("--steps", "3"))} > /dev/full");

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors.Trim().Split('\n'), Has.Length.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain("pretrain: standard output ('/dev/full') cannot be written: No space left on device"));
        Checkpoint.Open(Store.Newest!).Verify();
        Assert.That(Store.Newest, Does.EndWith("step-00000003"));
    }

    [Test]
    public async Task Numbers_are_written_alike_in_every_language()
    {
        var environment = Environment("LANG=ar_SA.UTF-8", "LC_ALL=ar_SA.UTF-8");
        var outcome = await RunAsync(environment, "--steps", "10");
        var evaluation = await Program.RunAsync(folder.Path, environment, "dotnet", [.. Program.Evaluate, "linear", "--videos", "videos", "--checkpoint", "run", "--clips", "1", "--out", "evaluation"]);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(evaluation.ExitCode, Is.Zero, evaluation.ToString());
        string all = outcome.ToString() + evaluation + await File.ReadAllTextAsync(folder["evaluation/linear.html"]) + await File.ReadAllTextAsync(folder["evaluation/linear.csv"]);
        Assert.That(all, Does.Not.Match("[\\u0600-\\u06ff\\u200e\\u200f]"));
        Assert.That(outcome.Output, Does.Match("loss [0-9]+[.][0-9]{2} lr"));
    }

    [Test]
    public async Task A_finished_run_is_extended_and_its_weights_start_another()
    {
        (TclrRecipes.Tiny() with { Name = "mine", Schedule = LearningRateSchedules.Constant }).Save(folder["mine.json"]);
        await RunAsync(null, "--recipe", "mine.json", "--steps", "3");

        var extended = await RunAsync(null, "--resume", "--steps", "5");
        var rate = await RunAsync(null, "--resume", "--recipe", "tiny", "--steps", "5");
        var started = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Pretrain, "--videos", "videos", "--batch", "5", "--steps", "2", "--from", "run", "--out", "next"]);
        var none = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Pretrain, "--videos", "videos", "--batch", "5", "--steps", "2", "--from", "none.pth", "--out", "third"]);

        Assert.That(extended.ExitCode, Is.Zero, extended.ToString());
        Assert.That(extended.Output, Does.Contain("5 steps of 5, from step 3").And.Contain("Done: 5 steps"));
        Assert.That(rate.ExitCode, Is.EqualTo(1), rate.ToString());
        Assert.That(rate.Errors, Does.Contain("Schedule: now WarmupCosineSchedule, checkpoint ConstantSchedule"));
        Assert.That(started.ExitCode, Is.Zero, started.ToString());
        Assert.That(Checkpoint.Find(folder["next"]).Settings["InitialWeights"], Does.StartWith("SHA-256"));
        Assert.That(TclrRecipe.Of(Checkpoint.Find(folder["next"])).Name, Is.EqualTo("mine"));
        Assert.That(none.ExitCode, Is.EqualTo(1));
        Assert.That(none.Errors, Does.Contain("none.pth"));
    }

    // Of the parts that the packages bring; TclrRecipe does not say what a builder is told besides.
    [Test]
    public async Task Other_clips_losses_and_encoders_are_another_run_and_a_moved_folder_is_not()
    {
        await RunAsync();
        (string Message, Func<TclrTrainerBuilder, TclrTrainerBuilder> Change)[] others =
        [
            ("Clips.Sampler: now TclrReferenceSampler, checkpoint TclrSampler", builder => builder.FromVideos(Index("videos"), ClipSamplers.TclrReference(8), Augmentations.Demo(16))),
            ("Clips.Augmentation.recipe.", builder => builder.FromVideos(Index("videos"), ClipSamplers.Tclr(8), Augmentations.Start().RandomSquareCrop(0.5, 1).Resize(16).Contrast(0.5, 1.5))),
            ("Clips.Reader", builder => builder.FromVideos(Index("videos"), ClipSamplers.Tclr(8), Augmentations.Demo(16), new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 20 }))),
            ("Loss.Options.TemporalTemperature: now 0.2, checkpoint 0.1", builder => builder.UseLoss(new TclrLoss(new TclrLossOptions { TemporalTemperature = 0.2 }))),
            ("Loss: now InstanceContrastiveLoss, checkpoint TclrLoss", builder => builder.UseLoss(new InstanceContrastiveLoss(0.2))),
            ("Encoder.Options.ChannelOrder: now bgr, checkpoint rgb", builder => builder.UseEncoder(VideoEncoders.SmallR3D, new VideoEncoderOptions { ChannelOrder = ChannelOrder.Bgr })),
            ("Head.Network: now ", builder => builder.UseSimClrHead(8, 4)),
        ];
        foreach (var (message, change) in others)
        {
            Assert.That(() => change(Builder()).Resume().Build().Dispose(), Throws.InstanceOf<CheckpointException>().With.Message.Contains(message), message);
        }

        Directory.Move(folder["videos"], folder["moved"]);
        Assert.That(() => Builder("moved").Resume().Build().Dispose(), Throws.Nothing);

        async Task RunAsync()
        {
            using var trainer = Builder().Build();
            await trainer.TrainAsync();
        }

        TclrTrainerBuilder Builder(string videos = "videos") => new TclrTrainerBuilder()
            .FromVideos(Index(videos), ClipSamplers.Tclr(8), Augmentations.Demo(16))
            .UseEncoder(VideoEncoders.SmallR3D).UseTclrHead(8, 4).UseLoss(new TclrLoss()).WithBatchSize(2).ForSteps(1).WithThreads(1).CheckpointTo(folder["c"]);

        VideoIndex Index(string videos) => VideoIndex.ScanAsync(VideoDatasets.Folder(folder[videos])).GetAwaiter().GetResult();
    }

    [Test]
    public async Task The_end_says_what_became_of_the_videos()
    {
        var outcome = await RunAsync(null, "--steps", "3");

        Assert.That(outcome.Output, Does.Contain("the last 2 of the 12 videos of each epoch fill no step of 5 and were left out; faulty: 0; substitutes used: 0; in quarantine: 0."), outcome.ToString());
    }

    private CheckpointStore Store => new(folder["run/checkpoints"]);

    private static void NoWindows()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("signals are sent by kill");
        }
    }

    private static Dictionary<string, string> Environment(params string[] variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] variable in variables.Where(variable => variable.Length > 0).Select(variable => variable.Split('=')))
        {
            environment[variable[0]] = variable[1];
        }

        return environment;
    }

    private static string[] Arguments(params string[] more) =>
        [.. Program.Pretrain, "--videos", "videos", "--out", "run", "--batch", "5", "--checkpoint-every", "3", "--threads", "1", .. more];

    private Task<Program.Outcome> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] more) => Program.RunAsync(folder.Path, environment, "dotnet", Arguments(more));

    private Process Start(string file, IReadOnlyDictionary<string, string>? environment, params string[] more)
        => Program.Start(folder.Path, environment, file, [.. string.Equals(file, "nohup", StringComparison.Ordinal) ? ["dotnet"] : Array.Empty<string>(), .. Arguments(more)]);

    private async Task WaitForCheckpoint(Task end)
    {
        while (!end.IsCompleted && Store.Newest is null)
        {
            await Task.Delay(5);
        }
    }
}
