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
        await WriteSourcesAsync(App);
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
        foreach (string command in Block("```bash\ndotnet add package").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SucceedAsync(App, command.Split(' ')[1..]);
        }

        await WriteProgramAsync(Block("```csharp"));

        var run = await SucceedAsync(App, "run");

        TestContext.Out.WriteLine(run.Output);
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

    // What the linker needs to know; a trimmed program itself would need packages that the checkout does not restore.
    [Test, Order(4)]
    public async Task Trimming_leaves_the_assemblies_of_Tclr_whole_unless_the_project_says_otherwise()
    {
        var chosen = await SucceedAsync(App, "msbuild", "-p:PublishTrimmed=true", "-getProperty:TrimMode,JsonSerializerIsReflectionEnabledByDefault");
        var full = await SucceedAsync(App, "msbuild", "-p:PublishTrimmed=true", "-p:TrimMode=full", "-getProperty:TrimMode,PublishTrimmed");

        Assert.That(chosen.Output, Does.Contain("\"TrimMode\": \"partial\"").And.Contain("\"JsonSerializerIsReflectionEnabledByDefault\": \"true\""));
        Assert.That(full.Output, Does.Contain("\"TrimMode\": \"full\""));
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

    [Test, Order(5)]
    public async Task The_template_pretrains_resumes_and_evaluates()
    {
        string hive = folder["hive"], project = folder["MyPretraining"], large = folder["Large"];
        await SucceedAsync(folder.Path, "new", "install", Directory.GetFiles(folder["packages"], "Tclr.Templates.*.nupkg").Single(), "--debug:custom-hive", hive);
        await SucceedAsync(folder.Path, "new", "tclr", "-n", "MyPretraining", "--debug:custom-hive", hive);
        await SucceedAsync(folder.Path, "new", "tclr", "-n", "Large", "--device", "cuda", "--recipe", "cvrl", "--debug:custom-hive", hive);
        await WriteSourcesAsync(project);
        MovingSquares.Write(Path.Combine(project, "videos"), videos: 8);
        string settings = Path.Combine(project, "settings.json"), json = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, json.Replace("\"steps\": null", "\"steps\": 2", StringComparison.Ordinal).Replace("\"batchSize\": null", "\"batchSize\": 4", StringComparison.Ordinal));

        var build = await SucceedAsync(project, "build", "-c", "Release", "-warnaserror");
        var first = await SucceedAsync(project, "run", "-c", "Release", "--no-build");
        var second = await SucceedAsync(project, "run", "-c", "Release", "--no-build");

        Assert.That(build.Output, Does.Contain("0 Warning(s)"));
        Assert.That(json, Does.Contain("\"recipe\": \"small\"").And.Contain("\"device\": \"cpu\""));
        Assert.That(first.Output, Does.Match(@"8 videos, 0 left out\s+small from step 0 of 2\s[\s\S]*R@1 \d+\.\d ?%[\s\S]*Report: "));
        Assert.That(second.Output, Does.Contain("small from step 2 of 2"));
        Assert.That(Path.Combine(project, "run", "report.html"), Does.Exist);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(project, "MyPretraining.csproj")), Does.Contain("TorchSharp-cpu").And.Not.Contain("cuda").And.Not.Contain("VERSION"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(large, "Large.csproj")), Does.Contain("TorchSharp-cuda-linux").And.Contain("TorchSharp-cuda-windows").And.Not.Contain("TorchSharp-cpu"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(large, "settings.json")), Does.Contain("ucf101-r3d18-cvrl").And.Contain("\"device\": \"cuda\""));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(large, "Settings.cs")), Does.Contain("namespace Large;"));
    }

    [Test]
    public void A_package_has_what_a_feed_shows_and_nothing_else()
    {
        string[] libraries = [.. Directory.GetDirectories(Path.Combine(Program.Root, "src"), "Tclr*").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        var packages = Directory.GetFiles(folder["packages"], "*.nupkg").Select(file => new PackageFile(file)).ToList();
        Assert.That(packages.Select(package => package.Id), Is.EquivalentTo(libraries.Append("Tclr.Templates")));
        foreach (var package in packages)
        {
            bool library = libraries.Contains(package.Id, StringComparer.Ordinal);
            string[] fixedFiles = ["README.md", "icon.png", "CHANGELOG.md", "LICENSE"];
            string[] expected = library ? [.. fixedFiles, $"lib/net10.0/{package.Id}.dll", $"lib/net10.0/{package.Id}.xml"] : fixedFiles;
            string[] rest = [.. package.Files.Except(expected, StringComparer.Ordinal)];
            Assert.Multiple(() =>
            {
                Assert.That(package.Files, Is.SupersetOf(expected), package.Id);
                Assert.That(rest, Has.All.StartsWith(library ? "buildTransitive/" : "content/tclr/"), package.Id);
                Assert.That(rest.Length, library && package.Id is not "Tclr.Core" ? Is.Zero : Is.Positive, package.Id);
                Assert.That(package.Size, Is.LessThan(1_000_000), package.Id);
                foreach (string field in new[] { "version", "authors", "copyright", "description", "tags", "releaseNotes", "license", "readme", "icon" })
                {
                    Assert.That(package[field], Is.Not.Empty, $"{package.Id}: {field}");
                }

                Assert.That(package["license"], Is.EqualTo("MIT"));
                Assert.That(package.Dependencies.Where(dependency => dependency.Id.StartsWith("Tclr", StringComparison.Ordinal)).Select(dependency => dependency.Version), Has.All.EqualTo(package["version"]), package.Id);
                Assert.That(package.Dependencies.Select(dependency => dependency.Id), Has.None.Contains("cpu").And.None.Contains("cuda").And.None.Contains("runtime"), $"{package.Id}: natives are chosen by the application");
                Assert.That(package.Readme, Does.StartWith($"# {package.Id}\n").And.Contain("```").And.Not.Match(@"\]\((?!https://)"), $"{package.Id}: its own README, with addresses that work on a feed");
                Assert.That(package.IsReproducible, Is.EqualTo(library), package.Id);
                Assert.That(File.Exists(Path.ChangeExtension(package.Path, ".snupkg")), Is.EqualTo(library), $"symbols of {package.Id}");
            });
        }
    }

    private static string Block(string start)
    {
        string readme = File.ReadAllText(Path.Combine(Program.Root, "README.md")).ReplaceLineEndings("\n");
        int from = readme.IndexOf('\n', readme.IndexOf(start, StringComparison.Ordinal)) + 1;
        return readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private Task WriteSourcesAsync(string project)
        => File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""<configuration><packageSources><clear /><add key="tclr" value="{folder["packages"]}" /></packageSources></configuration>""");

    private Task WriteProgramAsync(string text) => File.WriteAllTextAsync(Path.Combine(App, "Program.cs"), text);

    private async Task<Program.Outcome> SucceedAsync(string where, params string[] arguments)
    {
        var outcome = await Program.RunAsync(where, string.Equals(where, folder.Path, StringComparison.Ordinal) || string.Equals(where, Program.Root, StringComparison.Ordinal) ? null : Environment, "dotnet", arguments);
        Assert.That(outcome.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}: {outcome}");
        return outcome;
    }
}
