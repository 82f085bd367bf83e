using Tclr.Core;
using Tclr.Models;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class PretrainedEncoderTests : ScopedTests
{
    private readonly TclrRecipe recipe = TclrRecipes.Tiny() with { Steps = 4, BatchSize = 4 };
    private readonly TemporaryFolder folder = new();
    private float[] trained = [];

    [OneTimeSetUp]
    public async Task Train()
    {
        using var scope = NewDisposeScope();
        using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).SaveTo(folder["run"]).Build();
        await trainer.TrainAsync();
        var network = trainer.Encoder.Network;
        trained = Values(network);
        ModelWeights.Save(network, folder["encoder.safetensors"]);
        ModelWeights.Save(network, folder["encoder.dat"]);
        WeightFile.Write(folder["theirs.pth"], Under(network, "module.0.").Append(new("module.1.weight", ones([2]))));
        WeightFile.Write(folder["distilled.pth"], [.. Under(network, "student."), .. Under(network, "teacher.")]);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [TestCase("run")]
    [TestCase("run/checkpoints")]
    [TestCase("run/checkpoints/step-00000004")]
    public void A_run_and_its_checkpoint_say_everything(string path)
    {
        using var pretrained = PretrainedEncoder.Load(folder[path]);

        Assert.Multiple(() =>
        {
            Assert.That(Values(pretrained.Encoder.Network), Is.EqualTo(trained));
            Assert.That(pretrained.Encoder.Network.training, Is.False);
            Assert.That(pretrained.Source, Is.EqualTo(folder["run/checkpoints/step-00000004"]));
            Assert.That(pretrained.Recipe.ToJson(), Is.EqualTo(recipe.ToJson()));
            Assert.That(pretrained.Checkpoint!.Step, Is.EqualTo(4));
            Assert.That(pretrained.Weights, Is.Null);
        });
    }

    [Test]
    public void A_weight_file_in_a_checkpoint_has_its_recipe()
    {
        using var pretrained = PretrainedEncoder.Load(folder["run/checkpoints/step-00000004/encoder.safetensors"]);

        Assert.That(Values(pretrained.Encoder.Network), Is.EqualTo(trained));
        Assert.That(pretrained.Recipe.ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.That(pretrained.Weights!.IsComplete);
    }

    [Test]
    public void The_best_checkpoint_is_loaded_on_request()
    {
        var store = new CheckpointStore(folder["run/checkpoints"]);

        using var pretrained = PretrainedEncoder.Load(folder["run"], new() { Best = true });

        Assert.That(pretrained.Source, Is.EqualTo(store.Best ?? store.Newest));
    }

    [TestCase("encoder.safetensors", "")]
    [TestCase("encoder.dat", "")]
    [TestCase("theirs.pth", "module.0.")]
    public void A_weight_file_needs_encoder_and_preprocessing(string file, string prefix)
    {
        Assert.That(
            () => PretrainedEncoder.Load(folder[file]),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("Encoder").And.Message.Contains($"'{folder[file]}' has no recipe: set PretrainedEncoderOptions.Encoder"));
        Assert.That(
            () => PretrainedEncoder.Load(folder[file], new() { Encoder = recipe.Encoder }),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("Clips").And.Message.Contains("set PretrainedEncoderOptions.Clips to its preprocessing"));

        using var described = PretrainedEncoder.Load(folder[file], new() { Encoder = recipe.Encoder, Clips = ClipRecipe.Demo });
        using var byRecipe = PretrainedEncoder.Load(folder[file], new() { Recipe = recipe });

        Assert.That(Values(described.Encoder.Network), Is.EqualTo(trained));
        Assert.That(Values(byRecipe.Encoder.Network), Is.EqualTo(trained));
        Assert.That(described.Recipe.Clips, Is.EqualTo(recipe.Clips));
        Assert.That(described.Weights!.Prefix, Is.EqualTo(prefix));
        Assert.That(described.Checkpoint, Is.Null);
    }

    [Test]
    public void Options_take_precedence_over_the_recipe()
    {
        using var pretrained = PretrainedEncoder.Load(folder["run"], new() { Clips = ClipRecipe.TclrPaper });

        Assert.That(pretrained.Recipe, Is.EqualTo(pretrained.Recipe with { Clips = ClipRecipe.TclrPaper }));
        Assert.That(() => PretrainedEncoder.Load(folder["run"], new() { Encoder = EncoderRecipe.Of("r3d18") }), Throws.TypeOf<CheckpointException>().With.Message.Contains("cannot be used"));
    }

    [Test]
    public void Weights_at_several_places_are_chosen_by_the_mapping()
    {
        var options = new PretrainedEncoderOptions { Recipe = recipe };

        var error = Assert.Throws<WeightFileException>(() => PretrainedEncoder.Load(folder["distilled.pth"], options))!;
        using var pretrained = PretrainedEncoder.Load(folder["distilled.pth"], options with { Weights = new() { Mapping = WeightMapping.Automatic.Under(error.Places[1].Prefix) } });

        Assert.That(Values(pretrained.Encoder.Network), Is.EqualTo(trained));
    }

    [TestCase("ckpt-71488")]
    [TestCase("ckpt-71488.index")]
    public void A_TensorFlow_checkpoint_of_CVRL_is_loaded(string name)
    {
        new TensorFlowBundle().AddObjectGraph().Add(CvrlCheckpoint.Tensors(CvrlCheckpoint.Encoder("backbone/", [3, 4, 6, 3], width: 8))).Write(folder["ckpt-71488"]);

        using var pretrained = PretrainedEncoder.Load(folder[name], new() { Encoder = EncoderRecipe.Of("r3d50", new() { WidthMultiplier = 0.125 }), Clips = ClipRecipe.Cvrl });

        Assert.That(pretrained.Weights!.Matched, Has.Count.EqualTo(265));
        Assert.That(pretrained.Weights.Prefix, Is.EqualTo("backbone."));
        Assert.That(pretrained.Source, Is.EqualTo(folder[name]));
    }

    [TestCase("run")]
    [TestCase("run/checkpoints")]
    [TestCase("run/checkpoints/step-00000004")]
    [TestCase("encoder.safetensors")]
    [TestCase("encoder.dat")]
    [TestCase("theirs.pth")]
    public void A_new_run_starts_from_them_and_its_training_starts_anew(string path)
    {
        using var trainer = Builder().UseWeights(folder[path]).Build();
        using var random = Builder().Build();

        Assert.That(Values(trainer.Encoder.Network), Is.EqualTo(trained).And.Not.EqualTo(Values(random.Encoder.Network)));
        Assert.That(Values(trainer.Head.Network), Is.EqualTo(Values(random.Head.Network)));
        Assert.That(trainer.Step, Is.Zero);
    }

    [Test]
    public async Task A_run_that_started_from_them_resumes_without_loading_them_again()
    {
        using (var trainer = Builder().UseWeights(folder["theirs.pth"]).SaveTo(folder["next"]).Build())
        {
            await trainer.TrainAsync();
        }

        using var resumed = Builder().UseWeights(folder["theirs.pth"]).SaveTo(folder["next"]).Resume().Build();

        Assert.That(resumed.Step, Is.EqualTo(4));
        Assert.That(Values(resumed.Encoder.Network), Is.Not.EqualTo(trained));
    }

    [Test]
    public void A_new_run_does_not_start_from_what_does_not_fit()
    {
        File.Copy(folder["run/checkpoints/step-00000004/state.json"], Path.Combine(Directory.CreateDirectory(folder["cut/checkpoints/step-00000001"]).FullName, "state.json"));
        Directory.CreateDirectory(folder["bare"]);

        Assert.Multiple(() =>
        {
            Assert.That(() => Builder().UseWeights(folder["run"]).UseEncoder(VideoEncoders.R3D18, new() { WidthMultiplier = 1 / 32.0 }).Build(), Throws.TypeOf<WeightFileException>().With.Message.Contains("the weights do not fit R3D18"));
            Assert.That(() => Builder().UseWeights(folder["distilled.pth"]).Build(), Throws.TypeOf<WeightFileException>().With.Property("Places").Count.EqualTo(2));
            Assert.That(() => Builder().UseWeights(folder["bare"]), Throws.TypeOf<CheckpointException>().With.Message.Contains("which has no checkpoint in it"));
            Assert.That(() => Builder().UseWeights(folder["none.pth"]), Throws.TypeOf<CheckpointException>().With.Message.Contains("none.pth', which is not there"));
            Assert.That(() => Builder().UseWeights(folder["cut"]), Throws.TypeOf<CheckpointException>().With.Message.Contains("step-00000001' cannot be used"));
        });
    }

    [Test]
    public void What_cannot_be_loaded_is_named()
    {
        Directory.CreateDirectory(folder["empty"]);
        File.WriteAllText(folder["text.safetensors"], "no weights");

        Assert.Multiple(() =>
        {
            Assert.That(() => PretrainedEncoder.Load(folder["nowhere"]), Throws.TypeOf<CheckpointException>().With.Message.Contains($"got '{folder["nowhere"]}', which is not there"));
            Assert.That(() => PretrainedEncoder.Load(folder["empty"]), Throws.TypeOf<CheckpointException>().With.Message.Contains("which has no checkpoint in it"));
            Assert.That(() => PretrainedEncoder.Load(folder["text.safetensors"], new() { Recipe = recipe }), Throws.InstanceOf<WeightFileException>());
            Assert.That(() => PretrainedEncoder.Load(folder["run"], new() { Device = "tpu" }), Throws.ArgumentException.With.Message.Contains("'tpu'"));
            Assert.That(() => PretrainedEncoder.Load(" "), Throws.ArgumentException);
        });
    }

    private TclrTrainerBuilder Builder() => new TclrTrainerBuilder().UseRecipe(recipe).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16));

    private static IEnumerable<KeyValuePair<string, Tensor>> Under(nn.Module network, string prefix) => network.state_dict().Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value));

    private static float[] Values(nn.Module network) => [.. network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
}
