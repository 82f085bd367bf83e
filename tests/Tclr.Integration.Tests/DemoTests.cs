using Tclr.Core;

namespace Tclr.Integration.Tests;

/// <summary>The demo as a user runs it, with good and with bad input.</summary>
public sealed class DemoTests : FolderTests
{
    [Test]
    public async Task The_embedded_set_gives_a_table_and_files_and_the_same_again()
    {
        string[] arguments = ["--steps", "4", "--train-videos", "18", "--test-videos", "18", "--batch", "6", "--out", "run"];

        var first = await Program.DemoAsync(Folder.Path, arguments);
        var again = await Program.DemoAsync(Folder.Path, arguments);

        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        Assert.That(first.Output, Does.Contain("Random weights").And.Contain("TCLR").And.Contain("R@1 program"));
        Assert.That(Table(again), Is.EqualTo(Table(first)));
        Assert.That(Folder["run/report.html"], Does.Exist);
        Assert.That(File.ReadAllLines(Folder["run/tclr/metrics.jsonl"]), Has.Length.EqualTo(4));
        Assert.That(new CheckpointStore(Folder["run/tclr/checkpoints"]).Newest, Does.EndWith("step-00000004"));
    }

    [Test]
    public async Task What_cannot_be_used_is_one_message_and_an_exit_code()
    {
        Directory.CreateDirectory(Folder["empty"]);
        Directory.CreateDirectory(Folder["text"]);
        foreach (string name in (string[])["clip.mp4", "b.mp4", "c.mp4", "d.mp4"])
        {
            await File.WriteAllTextAsync(Folder[$"text/{name}"], "this is no video");
        }

        await File.WriteAllTextAsync(Folder["file"], string.Empty);

        await RefusedAsync("missing", "--videos", "missing");
        await RefusedAsync("empty", "--videos", "empty");
        await RefusedAsync("clip.mp4", "--videos", "text");
        await RefusedAsync("file", "--out", "file/run", "--train-videos", "9", "--test-videos", "9");
        Directory.CreateDirectory(Folder["mine/embedded-set/train"]);
        await RefusedAsync("was not made by", "--out", "mine");
        Assert.That(Folder["mine/embedded-set/train"], Does.Exist);
        await RefusedAsync("--steps", "--steps", "0");
        await RefusedAsync("--batch", "--batch", "many");
        await RefusedAsync("--nonsense", "--nonsense");
        await RefusedAsync("--recipe, --minutes: expected with --videos", "--minutes", "3");
    }

    [Test]
    public async Task An_unreadable_folder_is_one_message_and_an_exit_code()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("a privileged user may read every folder");
            return;
        }

        Directory.CreateDirectory(Folder["closed"], UnixFileMode.None);

        await RefusedAsync("closed", "--videos", "closed");
    }

    [Test]
    public async Task A_full_disk_is_one_message_and_loses_no_checkpoint()
    {
        Directory.CreateDirectory(Folder["small"]);
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess
            || (await Program.RunAsync(Folder.Path, null, "mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", Folder["small"])).ExitCode != 0)
        {
            Assert.Ignore("no small file system can be mounted here");
        }

        try
        {
            await RefusedAsync("MiB", "--out", "small/made", "--train-videos", "90", "--test-videos", "90");

            MovingSquares.Write(Folder["videos"], videos: 8);
            string[] arguments = ["--videos", "videos", "--batch", "4", "--out", "small/run"];
            var stop = await StopAfterFirstStepsAsync(arguments);
            Assert.That(stop.ExitCode, Is.EqualTo(130), stop.ToString());
            var store = new CheckpointStore(Folder["small/run/ic/checkpoints"]);
            string saved = store.Newest!;
            await File.WriteAllBytesAsync(Folder["small/filler"], new byte[new DriveInfo(Folder["small"]).AvailableFreeSpace - 200_000]);

            await RefusedAsync("checkpoint", [.. arguments, "--resume"]);
            Assert.That(store.Newest, Is.EqualTo(saved));
        }
        finally
        {
            await Program.RunAsync(Folder.Path, null, "umount", Folder["small"]);
        }
    }

    [Test]
    public async Task Ctrl_C_saves_a_checkpoint_and_resume_goes_on()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("signals are sent by kill");
        }

        string[] arguments = ["--train-videos", "18", "--test-videos", "9", "--batch", "6", "--out", "run", "--steps", "3000"];
        var stopped = await StopAfterFirstStepsAsync(arguments);

        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.ToString());
        Assert.That(stopped.Output, Does.Contain(": stopped at step").And.Contain("--resume"));
        string newest = new CheckpointStore(Folder["run/ic/checkpoints"]).Newest!;
        Assert.That(newest, Is.Not.Null);

        var again = await StopAfterFirstStepsAsync([.. arguments, "--resume"]);
        Assert.That(again.ExitCode, Is.EqualTo(130), again.ToString());
        Assert.That(string.CompareOrdinal(new CheckpointStore(Folder["run/ic/checkpoints"]).Newest, newest), Is.Positive, "it went on from there");
    }

    private static string[] Table(Program.Outcome outcome) => [.. outcome.Output.Split('\n').Where(line => line.StartsWith('│'))];

    // Waits for steps beyond those there already, then presses Ctrl-C.
    private async Task<Program.Outcome> StopAfterFirstStepsAsync(string[] arguments)
    {
        string run = Folder[arguments[Array.IndexOf(arguments, "--out") + 1]];
        string checkpoints = Path.Combine(run, "ic", "checkpoints");
        string? before = new CheckpointStore(checkpoints).Newest;
        using var process = Program.Start(Folder.Path, null, "dotnet", [.. Program.Demo, .. arguments]);
        var end = Program.EndAsync(process);
        while (!end.IsCompleted && string.Equals(new CheckpointStore(checkpoints).Newest, before, StringComparison.Ordinal))
        {
            await Task.Delay(100);
        }

        using var kill = Program.Start(Folder.Path, null, "kill", "-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await kill.WaitForExitAsync();
        return await end;
    }

    private async Task RefusedAsync(string named, params string[] arguments)
    {
        var outcome = await Program.DemoAsync(Folder.Path, arguments);

        Assert.That(outcome.ExitCode, Is.Not.Zero, outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain(named), outcome.ToString());
        Assert.That(outcome.Errors + outcome.Output, Does.Not.Contain("   at "), "no stack trace");
    }
}
