using System.Runtime.InteropServices;

namespace Tclr.Integration.Tests;

/// <summary>The packages and the README's example work in a project that knows nothing of this checkout.</summary>
public sealed class PackageTests
{
    private readonly TemporaryFolder folder = new();

    private string App => folder["app"];

    private Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["NUGET_PACKAGES"] = folder["cache"],
        ["NUGET_FALLBACK_PACKAGES"] = folder["fallback"],
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    [OneTimeSetUp]
    public async Task PackAndStartAProject()
    {
        await SucceedAsync(Program.Root, "pack", "Tclr.sln", "--no-build", "-c", Program.Configuration, $"-p:PackageOutputPath={folder["packages"]}");
        await SucceedAsync(folder.Path, "new", "console", "-o", App, "--no-restore");

        // What the checkout restored is there already, so no registry is asked. Tclr's own packages come from the checkout alone.
        await File.WriteAllTextAsync(Path.Combine(App, "nuget.config"), $"""<configuration><packageSources><clear /><add key="tclr" value="{folder["packages"]}" /></packageSources></configuration>""");
        Directory.CreateDirectory(folder["fallback"]);
        string cache = (await SucceedAsync(folder.Path, "nuget", "locals", "global-packages", "--list")).Output.Split(": ", 2)[1].Trim();
        foreach (string package in Directory.GetDirectories(cache).Where(package => !Path.GetFileName(package).StartsWith("tclr", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder["fallback"], Path.GetFileName(package)), package);
        }

        MovingSquares.Write(Path.Combine(App, "videos"), videos: 8);
    }

    [OneTimeTearDown]
    public void RemoveTheProject() => folder.Dispose();

    [Test, Order(1)]
    public async Task Without_natives_the_error_names_the_package_to_add()
    {
        await SucceedAsync(App, "add", "package", "Tclr");
        await WriteProgramAsync("""
            using Tclr.Models;
            try { VideoEncoders.SmallR3D(); } catch (DllNotFoundException e) { Console.WriteLine(e.Message); }
            try { new Tclr.Data.OpenCvVideoReader().Probe(Directory.GetFiles("videos", "*", SearchOption.AllDirectories)[0]); } catch (DllNotFoundException e) { Console.WriteLine(e.Message); }
            """);

        var run = await SucceedAsync(App, "run");

        Assert.That(run.Output, Does.Contain("dotnet add package TorchSharp-cpu").And.Contain("dotnet add package OpenCvSharp4"));
        Assert.That(run.Output + run.Errors, Does.Not.Contain("TypeInitializationException").And.Not.Contain("LoadNativeBackend"));
    }

    [Test, Order(2)]
    public async Task A_fresh_project_runs_the_readme_and_sees_a_loss()
    {
        foreach (string command in Block("```\ndotnet add package").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SucceedAsync(App, command.Split(' ')[1..]);
        }

        await WriteProgramAsync(Block("```csharp"));

        var run = await SucceedAsync(App, "run");

        Assert.That(run.Output, Does.Match(@"loss = \d+\.\d+, checkpoint = .*step-00000002"));
    }

    [Test, Order(3)]
    public async Task TorchSharp_may_be_used_first_and_the_project_published()
    {
        await WriteProgramAsync("""
            using Tclr.Losses;
            using TorchSharp;
            using static TorchSharp.torch;

            using var x = rand(4, 8);
            using var loss = Functional.NtXent(nn.functional.normalize(x), nn.functional.normalize(x), temperature: 0.1);
            Console.WriteLine($"loss = {loss.ToDouble():0.000}");
            """);
        string rid = RuntimeInformation.RuntimeIdentifier;

        foreach (string[] kind in new[] { new[] { "-o", "portable" }, ["-o", "platform", "-r", rid, "--no-self-contained"], ["-o", "single", "-r", rid, "--no-self-contained", "-p:PublishSingleFile=true"] })
        {
            await SucceedAsync(App, ["publish", "-c", "Release", .. kind]);
            var run = await Program.RunAsync(folder.Path, null, Path.Combine(App, kind[1], OperatingSystem.IsWindows() ? "app.exe" : "app"));
            Assert.That(run.Output, Does.Match(@"loss = \d\.\d\d\d"), $"{kind[1]}: {run}");
        }
    }

    [Test, Order(4)]
    public async Task The_correction_can_be_switched_off_and_leaves_the_package_as_it_is()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("the correction is for Linux");
        }

        string original = Directory.GetFiles(Path.Combine(folder["fallback"], "torchsharp"), "libLibTorchSharp.so", SearchOption.AllDirectories).Single();
        byte[] before = await File.ReadAllBytesAsync(original);
        await SucceedAsync(App, "build", "-o", "with");
        await SucceedAsync(App, "build", "-o", "without", "-p:TclrCorrectTorchSharp=false");

        Assert.That(await File.ReadAllBytesAsync(Find("without")), Is.EqualTo(before));
        Assert.That(await File.ReadAllBytesAsync(Find("with")), Is.Not.EqualTo(before));
        Assert.That(await File.ReadAllBytesAsync(original), Is.EqualTo(before));

        string Find(string output) => Directory.GetFiles(Path.Combine(App, output), "libLibTorchSharp.so", SearchOption.AllDirectories).Single(file => file.Contains("linux-x64", StringComparison.Ordinal) || !file.Contains("runtimes", StringComparison.Ordinal));
    }

    private static string Block(string start)
    {
        string readme = File.ReadAllText(Path.Combine(Program.Root, "README.md")).ReplaceLineEndings("\n");
        int from = readme.IndexOf('\n', readme.IndexOf(start, StringComparison.Ordinal)) + 1;
        return readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private Task WriteProgramAsync(string text) => File.WriteAllTextAsync(Path.Combine(App, "Program.cs"), text);

    private async Task<Program.Outcome> SucceedAsync(string where, params string[] arguments)
    {
        var outcome = await Program.RunAsync(where, string.Equals(where, App, StringComparison.Ordinal) ? Environment : null, "dotnet", arguments);
        Assert.That(outcome.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}: {outcome}");
        return outcome;
    }
}
