using Tclr.Models;
using Tclr.Weights;

namespace Tclr.Integration.Tests;

/// <summary>Each teaching app in samples/ runs as its first lines say.</summary>
public sealed class SampleTests
{
    private readonly TemporaryFolder folder = new();
    private Program.Outcome tenLines = null!;

    [OneTimeSetUp]
    public async Task Make()
    {
        MovingSquares.Write(folder["videos"], videos: 8);
        tenLines = await RunAsync("TenLines");
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void TenLines_trains_and_saves_a_checkpoint()
    {
        Assert.That(tenLines.ExitCode, Is.Zero, tenLines.ToString());
        Assert.That(tenLines.Output, Does.Match(@"loss \d+\.\d\d -> \d+\.\d\d, checkpoint .*step-00000020"));
    }

    [Test]
    public async Task OwnDataset_takes_videos_from_a_csv_file_and_names_the_faulty_one()
    {
        await File.WriteAllTextAsync(folder["no-video.avi"], "hello");
        await File.WriteAllLinesAsync(folder["videos.csv"], [.. Enumerable.Range(0, 8).Select(i => $"videos/{(i % 2 == 0 ? "right" : "down")}/{i}.avi,{(i < 4 ? "near" : "far")}"), "no-video.avi,far"]);

        var outcome = await RunAsync("OwnDataset", "videos.csv");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Match("8 videos of 2 classes, 1 faulty\n  .*no-video.avi: ").And.Match(@"loss \d+\.\d\d"));
    }

    [Test]
    public async Task OwnLoss_shows_its_term_beside_the_others()
    {
        var outcome = await RunAsync("OwnLoss");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Match(@"epoch 4: ic2 .*, ic1 .*, local_local .*, global_local .*, uniformity -\d\.\d+"));
    }

    [Test]
    public async Task OwnEncoder_is_built_again_from_the_checkpoint()
    {
        var outcome = await RunAsync("OwnEncoder");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Contain("my_encoder: 64 features"));
    }

    [Test]
    public async Task ResumeAndWatch_resumes_a_stopped_run()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("signals are sent by kill");
        }

        using var process = Program.Start(folder.Path, null, "dotnet", Program.Sample("ResumeAndWatch"), "videos");
        var end = Program.EndAsync(process);
        while (!end.IsCompleted && !Directory.Exists(folder["watched/checkpoints/step-00000002"]))
        {
            await Task.Delay(5);
        }

        await Program.RunAsync(folder.Path, null, "kill", "-INT", $"{process.Id}");
        var stopped = await end;
        var resumed = await RunAsync("ResumeAndWatch");

        Assert.That(stopped.ExitCode, Is.Zero, stopped.ToString());
        Assert.That(stopped.Output, Does.Contain("from step 0 of 40").And.Match(@"stopped at step \d+: start again to resume"));
        Assert.That(resumed.Output, Does.Match("from step [1-9][0-9]* of 40").And.Match("step 40: loss .* clips/s").And.Contain("done"), resumed.ToString());
    }

    [Test]
    public async Task Retrieval_lists_the_nearest_video_of_each_query()
    {
        var outcome = await RunAsync("Retrieval", "ten-lines", "videos");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output.Split('\n').Count(line => line.Contains(" -> ", StringComparison.Ordinal)), Is.EqualTo(4));
        Assert.That(outcome.Output, Does.Match(@"R@1 \d+\.\d ?%, R@2 \d+\.\d ?%"));
    }

    [Test]
    public async Task PublishedWeights_reads_a_pytorch_file_of_another_project()
    {
        using (var encoder = VideoEncoders.R3D18())
        {
            WeightFile.Write(folder["model_best.pth"], encoder.Network.state_dict().Select(entry => KeyValuePair.Create("module.encoder_q." + entry.Key, entry.Value)));
        }

        var outcome = await RunAsync("PublishedWeights", "model_best.pth", "videos");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Contain("matched in").And.Contain("features [8, 512]"));
        Assert.That(folder["encoder.safetensors"], Does.Exist);
    }

    [Test]
    public async Task Report_writes_one_html_file_and_its_numbers()
    {
        var outcome = await RunAsync("Report", "ten-lines");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(await File.ReadAllTextAsync(folder["report.html"]), Does.Contain("Training of tiny").And.Contain("local_local"));
        Assert.That(folder["report.json"], Does.Exist);
        Assert.That(folder["report.csv"], Does.Exist);
    }

    [Test]
    public void Teaching_apps_have_at_most_60_lines()
    {
        string samples = Path.Combine(Program.Root, "samples");
        foreach (string project in Directory.EnumerateFiles(samples, "*.csproj", SearchOption.AllDirectories).Where(project => !project.Contains("Tclr.Console", StringComparison.Ordinal)))
        {
            string[] sources = Directory.GetFiles(Path.GetDirectoryName(project)!, "*.cs");
            Assert.That(sources, Has.Length.EqualTo(1), project);
            Assert.That(File.ReadAllLines(sources[0]), Has.Length.AtMost(60), sources[0]);
            Assert.That(File.ReadAllText(Path.Combine(samples, "README.md")), Does.Contain(Path.GetFileNameWithoutExtension(project)));
        }
    }

    private Task<Program.Outcome> RunAsync(string sample, params string[] arguments)
        => Program.RunAsync(folder.Path, null, "dotnet", [Program.Sample(sample), .. arguments.Length > 0 ? arguments : ["videos"]]);
}
