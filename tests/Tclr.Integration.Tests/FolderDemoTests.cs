using Tclr.Core;

namespace Tclr.Integration.Tests;

/// <summary>The demo on a user's videos, with good and with bad input.</summary>
public sealed class FolderDemoTests : FolderTests
{
    [Test]
    public async Task Held_out_videos_are_measured_and_the_same_again_from_cached_frames()
    {
        MovingSquares.Write(Folder["videos"], videos: 9);
        string[] arguments = ["--videos", "videos", "--steps", "3", "--batch", "4", "--out", "run"];

        var first = await Program.DemoAsync(Folder.Path, arguments);
        var again = await Program.DemoAsync(Folder.Path, arguments);

        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        Assert.That(Text(first), Does.Contain("6 videos to train on, 3 held out. Clips of 8 frames, 4 in a window, with a stride of 1 frame. The videos have 40 to 40 frames."));
        Assert.That(Text(first), Does.Contain("chance").And.Contain("of all, %").And.Contain("Random weights").And.Contain("Instance contrast (IC)").And.Contain("12.5 "));
        Assert.That(Text(first), Does.Match("TCLR finds [0-9.]+ points (more|fewer) than Instance contrast").And.Match("TCLR finds [0-9.]+ points (more|fewer) than Random weights"));
        Assert.That(Text(first), Does.Contain("has not left its plateau, ln 7 = 1.95").And.Contain("3 held-out videos are few"));
        Assert.That(Table(again), Is.EqualTo(Table(first)));
        Assert.That(Checkpoint.Find(Folder["run/tclr"]).Step, Is.EqualTo(3));
        Assert.That(Directory.GetFiles(Folder["run/frames"]), Has.Length.EqualTo(9));
        string report = await File.ReadAllTextAsync(Folder["run/report.html"]);
        Assert.That(report, Does.Contain("What the encoders found").And.Contain("data:image/jpeg").And.Contain("TCLR "));
    }

    [Test]
    public async Task Short_videos_get_shorter_clips_and_those_that_cannot_be_used_are_named()
    {
        MovingSquares.Write(Folder["videos"], videos: 6, frames: 20);
        await File.WriteAllTextAsync(Folder["videos/right/no-video.mp4"], "hello");

        var outcome = await Program.DemoAsync(Folder.Path, "--videos", "videos", "--steps", "2", "--batch", "4");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(Text(outcome), Does.Contain("Left out").And.Contain("no-video.mp4"));
        Assert.That(Text(outcome), Does.Contain("Clips of 4 frames, 2 in a window").And.Contain("The recipe's 4 clips of 8 frames that last 1.12 s would not fit 6 of the 6 videos."));
    }

    [Test]
    public async Task The_time_limits_the_steps_and_a_resumed_run_keeps_its_own()
    {
        MovingSquares.Write(Folder["videos"], videos: 6);

        var limited = await Program.DemoAsync(Folder.Path, "--videos", "videos", "--steps", "1000000", "--minutes", "0.2", "--out", "run");
        long? steps = TclrRecipe.Load(Folder["run/recipe.json"]).Steps;
        var resumed = await Program.DemoAsync(Folder.Path, "--videos", "videos", "--out", "run", "--resume");

        Assert.That(limited.ExitCode, Is.Zero, limited.ToString());
        Assert.That(Text(limited), Does.Match("There is time for [0-9]+ of 1000000 steps"));
        Assert.That(resumed.ExitCode, Is.Zero, resumed.ToString());
        Assert.That(Checkpoint.Find(Folder["run/tclr"]).Step, Is.EqualTo(steps));
    }

    [Test]
    public async Task Folders_that_cannot_serve_are_one_message_and_an_exit_code()
    {
        MovingSquares.Write(Folder["one"], videos: 1);
        MovingSquares.Write(Folder["short"], videos: 5, frames: 3);
        MovingSquares.Write(Folder["still"], videos: 5, frames: 1);
        MovingSquares.Write(Folder["source"], videos: 1);
        Directory.CreateDirectory(Folder["alike"]);
        foreach (int i in Enumerable.Range(0, 5))
        {
            File.Copy(Folder["source/right/0.avi"], Folder[$"alike/{i}.avi"]);
        }

        (TclrRecipes.Tiny() with { Name = "still", Clips = TclrRecipes.Tiny().Clips with { Length = 1, Sampler = SamplerRecipe.Tclr(localClips: 1) } }).Save(Folder["still.json"]);

        await RefusedAsync("expected 4 videos or more, some to train on and some to hold out; 'one' has 1", "--videos", "one");
        await RefusedAsync("3 frames", "--videos", "short");
        await RefusedAsync("all 5 of them show the same picture in the middle", "--videos", "alike");
        await RefusedAsync("expected videos in which something moves", "--videos", "still", "--recipe", "still.json");
        await RefusedAsync("expected a recipe with the loss 'tclr', got 'instance_contrastive'", "--videos", "alike", "--recipe", "ucf101-r3d18-cvrl");
        await RefusedAsync("--minutes", "--videos", "alike", "--minutes", "0");
    }

    // Without the breaks of long lines.
    private static string Text(Program.Outcome outcome) => outcome.Output.ReplaceLineEndings(" ");

    private static string[] Table(Program.Outcome outcome) => [.. outcome.Output.Split('\n').Where(line => line.StartsWith('│'))];

    private async Task RefusedAsync(string named, params string[] arguments)
    {
        var outcome = await Program.DemoAsync(Folder.Path, arguments);

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain(named), outcome.ToString());
        Assert.That(outcome.Errors + outcome.Output, Does.Not.Contain("   at "), "no stack trace");
    }
}
