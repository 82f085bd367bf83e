namespace Tclr.Integration.Tests;

/// <summary>The packages work in a project that knows nothing of this checkout.</summary>
public sealed class PackageTests
{
    private const string TenLines = """
        using Tclr.Core;
        using Tclr.Losses;
        using Tclr.Models;
        using static TorchSharp.torch;

        using var encoder = VideoEncoders.SmallR3D();
        using var head = ProjectionHeads.Tclr(encoder.FeatureDimension, hidden: 64, embedding: 32);
        using var clips = randn([4, 10, 3, 8, 32, 32]);
        using var embeddings = TemporalEmbeddings.Compute(encoder, head, clips, new ViewLayout(versions: 2, timesteps: 4));
        using var loss = new TclrLoss().Compute(embeddings);
        Console.WriteLine($"loss = {loss.Total.item<float>()}");
        """;

    [Test]
    public async Task A_fresh_project_adds_the_packages_and_computes_a_loss()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NUGET_PACKAGES"] = folder["cache"], ["MSBUILDDISABLENODEREUSE"] = "1" };
        string packages = folder["packages"], app = folder["app"];

        await SucceedAsync(Program.Root, null, "pack", "Tclr.sln", "--no-build", "-c", Program.Configuration, $"-p:PackageOutputPath={packages}", $"-p:TclrBackend={Backend}");
        await SucceedAsync(folder.Path, environment, "new", "console", "-o", app, "--no-restore");
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), $"""<configuration><packageSources><add key="tclr" value="{packages}" /></packageSources></configuration>""");
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), TenLines);
        foreach (string package in new[] { "Tclr.Core", "Tclr.Losses", "Tclr.Models", "Tclr.Data", "Tclr.Evaluation", "Tclr" })
        {
            await SucceedAsync(app, environment, "add", "package", package);
        }

        var run = await SucceedAsync(app, environment, "run");

        Assert.That(run.Output, Does.Match(@"loss = \d+\.\d+"));
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
