namespace Tclr.Integration.Tests;

/// <summary>The packages and the README's example work in a project that knows nothing of this checkout.</summary>
public sealed class PackageTests
{
    [Test]
    public async Task A_fresh_project_adds_the_packages_and_sees_a_loss()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NUGET_PACKAGES"] = folder["cache"], ["MSBUILDDISABLENODEREUSE"] = "1" };
        string packages = folder["packages"], app = folder["app"];

        await SucceedAsync(Program.Root, null, "pack", "Tclr.sln", "--no-build", "-c", Program.Configuration, $"-p:PackageOutputPath={packages}", $"-p:TclrBackend={Backend}");
        await SucceedAsync(folder.Path, environment, "new", "console", "-o", app, "--no-restore");
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), $"""<configuration><packageSources><add key="tclr" value="{packages}" /></packageSources></configuration>""");
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), Example());
        MovingSquares.Write(Path.Combine(app, "videos"), videos: 8);
        foreach (string package in new[] { "Tclr.Core", "Tclr.Losses", "Tclr.Models", "Tclr.Data", "Tclr.Evaluation", "Tclr" })
        {
            await SucceedAsync(app, environment, "add", "package", package);
        }

        var run = await SucceedAsync(app, environment, "run");

        Assert.That(run.Output, Does.Match(@"loss = \d+\.\d+, checkpoint = .*step-00000002"));
    }

    private static string Example()
    {
        string readme = File.ReadAllText(Path.Combine(Program.Root, "README.md"));
        int start = readme.IndexOf("```csharp", StringComparison.Ordinal) + "```csharp".Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Backend =>
#if TCLR_SYSTEM_BACKEND
        "system";
#else
        "nuget";
#endif

    private static async Task<Program.Outcome> SucceedAsync(string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var outcome = await Program.RunAsync(folder, environment, "dotnet", arguments);
        Assert.That(outcome.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}: {outcome}");
        return outcome;
    }
}
