using System.Text.Json;

namespace Tclr.Integration.Tests;

/// <summary>What <c>tclr doctor</c> finds, as its users run it.</summary>
public sealed class DoctorTests : FolderTests
{
    [Test]
    public async Task A_sound_machine_and_folder_give_a_line_for_each_check_and_exit_code_0()
    {
        MovingSquares.Write(Folder["videos"], videos: 8);

        var outcome = await RunAsync("videos");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        string[] expected = ["torch", "threads", "cuda", "bf16", "device", "recipe", "memory", "disk", "opencv", "encoders", "h264", "hevc", "vp9", "av1", "ffmpeg", "videos", "decode", "loader"];
        string[] lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var checks = lines.Where(line => !line.TrimStart().StartsWith("->", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.That(checks.Select(words => words[1]), Is.EqualTo(expected), outcome.ToString());
        Assert.That(checks.Select(words => words[0]), Is.All.AnyOf("ok", "warning"));
        Assert.That(outcome.Output, Does.Contain("8 videos in 2 classes").And.Contain("FFV1").And.Not.Contain('\u001b'));
    }

    [Test]
    public async Task Json_has_every_check_and_nothing_else_is_printed()
    {
        var outcome = await RunAsync("--json");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        using var json = JsonDocument.Parse(outcome.Output);
        Assert.That(json.RootElement.GetProperty("ok").GetBoolean(), Is.True);
        var checks = json.RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.That(checks.Select(check => check.GetProperty("check").GetString()), Does.Contain("torch").And.Contain("opencv").And.Not.Contain("videos"));
        Assert.That(checks.Select(check => check.GetProperty("status").GetString()), Is.All.AnyOf("ok", "warning"));
        Assert.That(checks.Where(check => check.GetProperty("status").GetString() is "warning").Select(check => check.GetProperty("advice").GetString()), Is.All.Not.Empty);
    }

    [TestCase("videos", "nowhere' does not exist", "nowhere")]
    [TestCase("decode", "sampled videos decodes", "text")]
    [TestCase("faults", "TooShort", "short")]
    [TestCase("device", "tpu", "--device", "tpu")]
    [TestCase("recipe", "expected ucf101-r3d18-reference", "--recipe", "tinny")]
    [TestCase("disk", "is a file: expected a folder", "--out", "file/run")]
    [TestCase("memory", "pretrain --memory-budget", "--batch", "10000000")]
    public async Task A_fault_has_its_line_and_exit_code_1(string check, string message, params string[] arguments)
    {
        Directory.CreateDirectory(Folder["text/a"]);
        await File.WriteAllTextAsync(Folder["text/a/clip.mp4"], "this is no video");
        MovingSquares.Write(Folder["short"], videos: 2, frames: 3);
        await File.WriteAllTextAsync(Folder["file"], string.Empty);

        var outcome = await RunAsync(arguments);

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Output, Does.Match($"(?m)^fault +{check} ").And.Contain(message), outcome.ToString());
        Assert.That(outcome.Errors, Does.Match(@"tclr doctor: \d+ of \d+ checks found a fault").And.Not.Contain("   at "));
    }

    [TestCase("OpenCvSharpExtern", "opencv", true)]
    [TestCase("LibTorchSharp", "torch", true)]
    [TestCase("LibTorchSharp", "torch", false)]
    public async Task A_native_library_that_is_missing_or_damaged_is_a_fault_and_the_other_checks_go_on(string library, string check, bool missing)
    {
        // The app's folder without the library: what is small is copied, the rest linked.
        string original = Path.GetDirectoryName(Program.Doctor[0])!;
        foreach (string file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Folder["app"], Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!Path.GetFileName(file).Contains(library, StringComparison.Ordinal))
            {
                if (new FileInfo(file).Length < 4 << 20)
                {
                    File.Copy(file, copy);
                }
                else
                {
                    File.CreateSymbolicLink(copy, file);
                }
            }
            else if (!missing)
            {
                await File.WriteAllTextAsync(copy, "damaged");
            }
        }

        var outcome = await Program.RunAsync(Folder.Path, null, "dotnet", Path.Combine(Folder["app"], Path.GetFileName(Program.Doctor[0])), "doctor");

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Output, Does.Match($"(?m)^fault +{check} "), outcome.ToString());
        Assert.That(outcome.Output, Does.Match($"(?m)^ok +{(check is "torch" ? "opencv" : "torch")} "), outcome.ToString());
        Assert.That(outcome.Errors, Does.Not.Contain("   at "));
    }

    private Task<Program.Outcome> RunAsync(params string[] arguments) => Program.RunAsync(Folder.Path, null, "dotnet", [.. Program.Doctor, .. arguments]);
}
