using System.Runtime.CompilerServices;
using System.Text.Json;
using Tclr.Losses;
using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class RecipeTests : ScopedTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    private static IEnumerable<string> Names => TclrRecipes.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_recipe_goes_through_JSON(string name)
    {
        var recipe = TclrRecipes.All[name]();

        string json = recipe.ToJson();
        var back = TclrRecipe.FromJson(json);

        Assert.That(back.Name, Is.EqualTo(name));
        Assert.That(back.ToJson(), Is.EqualTo(json));
        Assert.That(back.Optimizer, Is.EqualTo(recipe.Optimizer));
        Assert.That(back.Loss, Is.EqualTo(recipe.Loss));
        Assert.That(back.Clips, Is.EqualTo(recipe.Clips));
    }

    [Test]
    public void A_recipe_goes_through_a_file()
    {
        var recipe = TclrRecipes.Tiny() with { Seed = ulong.MaxValue, GradientClipping = 0.5 };

        recipe.Save(folder["r.json"]);

        Assert.That(TclrRecipe.Load(folder["r.json"]).ToJson(), Is.EqualTo(recipe.ToJson()));
    }

    [TestCase("""{"name":"x","batchsize":3}""", "batchsize")]
    [TestCase("""{"name":"x","optimizer":{"kind":"lamb"}}""", "lamb")]
    [TestCase("""{"name":"x","encoder":{"kind":"VGG"}}""", "$.encoder.kind")]
    [TestCase("""{"name":"x","schedule":{"kind":"multi_step","epochs":[3,2],"decay":0.1}}""", "rise")]
    [TestCase("""{}""", "name")]
    [TestCase("{", "line")]
    public void A_recipe_that_is_none_is_named_with_its_file(string json, string expected)
    {
        File.WriteAllText(folder["bad.json"], json);

        var error = Assert.Throws<JsonException>(() => TclrRecipe.Load(folder["bad.json"]))!;

        Assert.That(error.Message, Does.StartWith($"'{folder["bad.json"]}' is no recipe").And.Contain(expected).IgnoreCase);
    }

    [Test]
    public void The_reference_of_TCLR_is_what_its_authors_run()
    {
        var recipe = TclrRecipes.Ucf101R3D18Reference();

        Assert.Multiple(() =>
        {
            Assert.That(recipe.BatchSize, Is.EqualTo(40));
            Assert.That(recipe.Optimizer, Is.EqualTo(new AdamOptions { LearningRate = 1e-3, WeightDecay = 1e-9, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 }));
            Assert.That(recipe.Statistics, Is.EqualTo(BatchStatistics.PerView));
            Assert.That(recipe.Schedule.Factor(new SchedulePosition(0, 1000, 1, [])), Is.EqualTo(0.01));
            Assert.That(recipe.Loss, Is.EqualTo(new TclrLossRecipe(new TclrLossOptions { InstanceTemperature = 0.1, TemporalTemperature = 0.1 })));
            Assert.That(recipe.Clips.CreateSampler().Layout, Is.EqualTo(new ViewLayout(2, 4)));
            Assert.That(recipe.Clips.CreateSampler().MinimumFrames, Is.EqualTo(57));
        });
    }

    // What the docs of the recipes say about expected times.
    [Test]
    public void Ten_clips_of_R3D_18_take_three_times_ten_to_the_twelve_operations()
    {
        using var encoder = TclrRecipes.Ucf101R3D18Reference().Encoder.Create();

        double clip = EncoderCost.Measure(encoder, zeros([1, 3, 16, 112, 112])).Operations;

        Assert.That(10 * 3 * clip, Is.EqualTo(2.6e12).Within(0.05e12));
    }

    [Test]
    public async Task A_recipe_trains_and_its_checkpoint_says_how_it_was_made()
    {
        var recipe = TclrRecipes.Tiny() with { Steps = 2, BatchSize = 2, Seed = 5, GradientCaching = true, Statistics = BatchStatistics.PerView, GradientClipping = 10 };
        using (var trainer = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(new RandomClips()).SaveTo(folder["run"]).Build())
        {
            await trainer.TrainAsync();
        }

        var checkpoint = Checkpoint.Open(new CheckpointStore(folder["run/checkpoints"]).Newest!);
        var back = TclrRecipe.Of(checkpoint);
        using var encoder = back.Encoder.Create();
        checkpoint.LoadEncoder(encoder);

        Assert.That(back.ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.That(folder["run/metrics.jsonl"], Does.Exist);
        Assert.That(Directory.GetFiles(folder["run/tensorboard"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void Mistakes_of_a_recipe_are_reported()
    {
        var wrong = TclrRecipes.Tiny() with { BatchSize = 0, Optimizer = new SgdOptions { Momentum = 2, LearningRate = -1 } };

        var error = Assert.Throws<TclrConfigurationException>(() => new TclrTrainerBuilder().UseRecipe(wrong).UseClips(new RandomClips()).Build())!;

        Assert.That(error.Problems, Has.Count.EqualTo(3));
        Assert.That(() => new TclrTrainerBuilder().UseRecipe(TclrRecipes.Tiny() with { Loss = new InstanceContrastiveLossRecipe(-1) }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => (TclrRecipes.Tiny().Encoder with { Kind = (EncoderKind)99 }).Create(), Throws.ArgumentException.With.Message.Contains("expected one of R3D18"));
    }

    internal sealed class RandomClips : IClipSource
    {
        public int SampleCount => 8;

        public ViewLayout Layout { get; } = new(2, 4);

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (int step = request.FirstStep; step < SampleCount / request.BatchSize; step++)
            {
                await Task.Yield();
                yield return new ClipBatch(rand([Layout.Count, request.BatchSize, 3, 8, 16, 16]), Layout, [.. Enumerable.Range(0, request.BatchSize).Select(i => $"{step}-{i}")]);
            }
        }
    }
}
