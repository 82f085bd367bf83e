using Tclr.Core;

namespace Tclr.Integration.Tests;

/// <summary>The ablation as a user runs it, with good and with bad input.</summary>
public sealed class AblateTests : FolderTests
{
    private static readonly string[] Small = ["--steps", "2", "--batch", "6", "--train-videos", "18", "--test-videos", "9", "--rows", "random,tclr", "--out", "run"];

    [Test]
    public async Task Every_cell_is_in_the_table_and_finished_cells_are_not_trained_again()
    {
        var first = await Program.AblateAsync(Folder.Path, [.. Small, "--seeds", "5"]);
        string cell = Folder["run/seed-5/tclr/result.json"];
        DateTime written = File.GetLastWriteTimeUtc(cell);
        var more = await Program.AblateAsync(Folder.Path, [.. Small, "--seeds", "5, 6"]);

        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        Assert.That(more.ExitCode, Is.Zero, more.ToString());
        Assert.That(more.Output, Does.Contain("Seed 5, IC + LL + GL (TCLR): read back").And.Not.Contain("Seed 6, IC + LL + GL (TCLR): read back"));
        Assert.That(File.GetLastWriteTimeUtc(cell), Is.EqualTo(written));
        Assert.That(more.Output, Does.Contain("R@1 program").And.Contain("56.2").And.Contain(" ± "));
        string[] lines = await File.ReadAllLinesAsync(Folder["run/cells.csv"]);
        Assert.That(lines.Select(line => string.Join(',', line.Split(',')[..2])), Is.EqualTo(new[] { "row,seed", "random,5", "tclr,5", "random,6", "tclr,6" }));
        Assert.That(File.ReadAllLines(Folder["run/seed-6/tclr/metrics.jsonl"]), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_folder_of_videos_is_judged_by_its_classes()
    {
        MovingSquares.Write(Folder["videos"], videos: 8);

        var outcome = await Program.AblateAsync(Folder.Path, "--videos", "videos", "--steps", "2", "--batch", "4", "--rows", "ic", "--seeds", "1");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Contain("R@1").And.Not.Contain("R@1 program"));
    }

    [Test]
    public async Task Groups_are_held_out_as_a_whole_and_clips_fit_the_videos()
    {
        MovingSquares.Write(Folder["videos"], videos: 12);

        var outcome = await Program.AblateAsync(
            Folder.Path, "--videos", "videos", "--groups", @"([0-9]+)\.avi$", "--folds", "3", "--recipe", "small", "--steps", "2", "--batch", "4", "--rows", "random,ic", "--seeds", "1", "--cache", "frames", "--out", "run");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output.ReplaceLineEndings(" "), Does.Contain("with a stride of 1 frame").And.Contain("Seed 1, fold 3, IC").And.Contain("kNN").And.Contain("3 folds"));
        string[] cells = await File.ReadAllLinesAsync(Folder["run/cells.csv"]);
        Assert.That(cells[0], Is.EqualTo("row,seed,fold,linear,kNN,R@1,R@5"));
        Assert.That(cells.Skip(1).Select(line => string.Join(',', line.Split(',')[..3])), Is.EqualTo(new[] { "random,1,1", "ic,1,1", "random,1,2", "ic,1,2", "random,1,3", "ic,1,3" }));
        string state = await File.ReadAllTextAsync(Path.Combine(Checkpoint.Find(Folder["run/seed-1/fold-3/ic"]).Folder, "state.json"));
        Assert.That(System.Text.Json.JsonDocument.Parse(state).RootElement.GetProperty("settings").GetProperty("Samples").GetString(), Is.EqualTo("8"), "a third of the groups is held out");
        Assert.That(Directory.GetFiles(Folder["frames"]), Has.Length.EqualTo(12));
    }

    [Test]
    public async Task A_stopped_cell_goes_on_from_its_checkpoint()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("signals are sent by kill");
        }

        string[] arguments = ["--steps", "200", "--batch", "6", "--train-videos", "18", "--test-videos", "9", "--rows", "ic", "--seeds", "1", "--out", "run"];
        var store = new CheckpointStore(Folder["run/seed-1/ic/checkpoints"]);
        using var process = Program.Start(Folder.Path, null, "dotnet", [.. Program.Ablate, .. arguments]);
        var end = Program.EndAsync(process);
        while (!end.IsCompleted && store.Newest is null)
        {
            await Task.Delay(50);
        }

        using var kill = Program.Start(Folder.Path, null, "kill", "-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await kill.WaitForExitAsync();
        var stopped = await end;
        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.ToString());
        Assert.That(stopped.Output, Does.Contain("Seed 1, IC: stopped at step"));
        string[] before = await File.ReadAllLinesAsync(Folder["run/seed-1/ic/metrics.jsonl"]);

        var again = await Program.AblateAsync(Folder.Path, arguments);

        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        string[] after = await File.ReadAllLinesAsync(Folder["run/seed-1/ic/metrics.jsonl"]);
        Assert.That(before, Is.Not.Empty);
        Assert.That(after, Has.Length.EqualTo(200));
        Assert.That(after.Take(before.Length), Is.EqualTo(before), "the steps done were not done again");
    }

    [Test]
    public async Task What_cannot_be_used_is_one_message_and_an_exit_code()
    {
        MovingSquares.Write(Folder["videos"], videos: 4);
        await File.WriteAllTextAsync(Folder["recipe.json"], """{ "Stepz": 3 }""");
        Directory.CreateDirectory(Folder["used"]);
        await File.WriteAllTextAsync(Folder["used/settings.json"], "other");

        await RefusedAsync("'x'", "--seeds", "1,x");
        await RefusedAsync("--seeds", "--seeds", ",");
        await RefusedAsync("'left'", "--rows", "ic,left");
        await RefusedAsync("missing", "--videos", "missing");
        await RefusedAsync("expected with --videos", "--groups", "p");
        await RefusedAsync("expected with --groups", "--folds", "2");
        await RefusedAsync("expected a regular expression", "--videos", "videos", "--groups", "(");
        await RefusedAsync("finds none in 'down/1.avi'", "--videos", "videos", "--groups", "right");
        await RefusedAsync("expected 4 groups or more, one for each of the --folds, got 2: down, right", "--videos", "videos", "--groups", "right|down");
        await RefusedAsync("--steps", "--steps", "-3");
        await RefusedAsync("--batch", "--batch", "1");
        await RefusedAsync("prototype", "--recipe", "best");
        await RefusedAsync("Stepz", "--recipe", "recipe.json");
        await RefusedAsync("other settings", "--out", "used");
    }

    private async Task RefusedAsync(string named, params string[] arguments)
    {
        var outcome = await Program.AblateAsync(Folder.Path, arguments);

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain(named), outcome.ToString());
        Assert.That(outcome.Errors + outcome.Output, Does.Not.Contain("   at "), "no stack trace");
    }
}
