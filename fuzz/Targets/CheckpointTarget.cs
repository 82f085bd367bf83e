using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tclr.Core;
using Tclr.Losses;

namespace Tclr.Fuzz;

/// <summary>A file of a checkpoint: opened, verified, found in its folder, its recipe read; with <paramref name="resume"/>, a run is resumed from it.</summary>
internal sealed class CheckpointTarget(string name, string file, bool resume) : FuzzTarget(name, fileName: null)
{
    private const string StateFile = "state.json";
    private const string ManifestFile = "manifest.json";

    private string run = string.Empty;
    private string manifest = string.Empty;

    public override int BoundedCases => resume ? 50 : 300;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"files\":", "\"bytes\":", "\"sha256\":", "\"format_version\":3", "\"format_version\":2", "\"step\":", "\"total_steps\":", "\"precision\":\"float32\"", "\"settings\":", "\"epoch_losses\":", "\"epoch\":",
        "\"skipped_steps\":", "\"recipe\":", "\"environment\":", "\"terms\":", "\"steps\":", "\"loss\":", "\"configuration\":", "\"videos_per_pass\":", "../x", "state.json",
    ];

    public override IEnumerable<byte[]> Prepare(string folder)
    {
        run = Path.Combine(folder, "run");
        using (var trainer = Builder(resume: false).Build())
        {
            trainer.TrainAsync().GetAwaiter().GetResult();
        }

        string checkpoint = new CheckpointStore(run).Newest!;
        FileName = Path.GetRelativePath(folder, Path.Combine(checkpoint, file));
        manifest = Path.Combine(checkpoint, ManifestFile);
        return [File.ReadAllBytes(Path.Combine(checkpoint, file))];
    }

    public override void Read(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (string.Equals(file, StateFile, StringComparison.Ordinal))
        {
            Describe(path);
        }

        var checkpoint = Checkpoint.Open(folder);
        _ = checkpoint.Settings.Count + checkpoint.EpochLosses.Count + checkpoint.Step;
        checkpoint.Verify();
        _ = new CheckpointStore(run).Best;
        if (resume)
        {
            using var trainer = Builder(resume: true).Build();
            trainer.TrainAsync().GetAwaiter().GetResult();
        }
        else
        {
            TclrRecipe.Of(checkpoint);
        }
    }

    private TclrTrainerBuilder Builder(bool resume)
    {
        var builder = new TclrTrainerBuilder().UseClips(new FormulaClips(2, new ViewLayout(2, 2), 3, 4, 8, 8)).UseRecipe(TclrRecipes.Tiny())
            .WithBatchSize(2).ForSteps(1).WithThreads(1).UseTclrHead(4, 2).UseLoss(new TclrLoss()).CheckpointTo(run);
        return resume ? builder.Resume() : builder;
    }

    // The manifest describes the mutated state.
    private void Describe(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["files"]![StateFile] = new JsonObject { ["bytes"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        File.WriteAllText(manifest, json.ToJsonString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
