using System.Text.Json.Nodes;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Integration.Tests;

/// <summary>Every recipe, from its JSON, at full structure and reduced width.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class RecipeRunTests : FolderTests
{
    private static IEnumerable<string> Names => TclrRecipes.All.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task A_recipe_trains_on_videos(string name)
    {
        var recipe = TclrRecipe.FromJson(Reduced(TclrRecipes.All[name]()));
        var videos = VideoDatasets.Folder(MovingSquares.Write(Folder["videos"], videos: 10, frames: 80));
        var index = await VideoIndex.ScanAsync(videos, new VideoIndexOptions { MinimumFrames = recipe.Clips.CreateSampler().MinimumFrames });
        using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe).SaveTo(Folder["run"]).WithThreads(2).Build();

        var result = await trainer.TrainAsync();

        var checkpoint = Checkpoint.Open(result.Checkpoint!);
        Assert.That(result.Step, Is.EqualTo(2));
        Assert.That(result.Epochs.Single().Loss, Is.Positive.And.LessThan(double.PositiveInfinity));
        Assert.That(TclrRecipe.Of(checkpoint).ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.That(checkpoint.MomentumEncoderPath is not null, Is.EqualTo(recipe.Momentum is not null));
        using var encoder = PretrainedEncoder.Load(result.Checkpoint!);
        Assert.That(encoder.Recipe!.Name, Is.EqualTo(name));
    }

    // Fewer channels and pixels; all layers, views, passes, heads and terms.
    private static string Reduced(TclrRecipe recipe)
    {
        var json = JsonNode.Parse(recipe.ToJson())!.AsObject();
        json["encoder"]!["options"]!["width_multiplier"] = 1.0 / 16;
        json["batch_size"] = 4;
        json["steps"] = 2;
        json.Remove("epochs");
        if (recipe.VideosPerPass is not null)
        {
            json["videos_per_pass"] = 2;
        }

        json["clips"]!["size"] = 32;
        json["head"]!["hidden"] = 16;
        foreach (var head in json["further_heads"] as JsonObject ?? [])
        {
            head.Value!["hidden"] = 16;
        }

        return json.ToJsonString();
    }
}
