using Tclr.Core;
using Tclr.Losses;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class RecipeTests : ScopedFolderTests
{
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

        recipe.Save(Folder["r.json"]);

        Assert.That(TclrRecipe.Load(Folder["r.json"]).ToJson(), Is.EqualTo(recipe.ToJson()));
    }

    [TestCase("""{"name":"x","batchsize":3}""", "batchsize")]
    [TestCase("""{"name":"x","steps":"many"}""", "$.steps: ")]
    [TestCase("""{"name":"x","batch_norm_scope":"per_batch"}""", "$.batch_norm_scope: expected one of all_views, per_view, got 'per_batch'")]
    [TestCase("""{"name":"x","optimizer":{"kind":"lamb"}}""", "$.optimizer: no optimizer 'lamb': expected one of adam, adamw, sgd, or a kind of your own after RecipeRegistry.Default.Add<T>(\"lamb\")")]
    [TestCase("""{"name":"x","optimizer":{"learning_rate":1}}""", "$.optimizer: expected \"kind\"")]
    [TestCase("""{"name":"x","optimizer":{"kind":"sgd","momentum":"much"}}""", "$.optimizer.momentum: ")]
    [TestCase("""{"name":"x","encoder":{"kind":"VGG"}}""", "$.encoder: no encoder 'VGG': expected one of r3d18")]
    [TestCase("""{"name":"x","encoder":{"kind":"r3d18","options":{"initialization":"he"}}}""", "$.encoder.options.initialization: expected one of kaiming_normal")]
    [TestCase("""{"name":"x","loss":{"kind":"combined","losses":[{"kind":"tclr"},{"kind":"infonce"}]}}""", "$.loss.losses[1]: no loss 'infonce'")]
    [TestCase("""{"name":"x","schedule":{"kind":"multi_step","epochs":[3,2],"decay":0.1}}""", "$.schedule: expected epochs of 0 or more in ascending order")]
    [TestCase("""{}""", "name")]
    [TestCase("{", "line")]
    public void A_recipe_that_is_not_valid_is_named_with_its_file_and_place(string json, string expected)
    {
        File.WriteAllText(Folder["bad.json"], json);

        var error = Assert.Throws<RecipeException>(() => TclrRecipe.Load(Folder["bad.json"]))!;

        Assert.That(error.Message, Does.StartWith($"'{Folder["bad.json"]}' is not a valid recipe: ").And.Contain(expected).IgnoreCase);
    }

    [Test]
    public void Recipes_of_earlier_builds_are_read()
    {
        var recipe = TclrRecipe.FromJson("""
            {
              "name": "old", "statistics": "PerView", "precision": "BFloat16", "non_finite": "RollBack",
              "encoder": {"kind": "MC318", "options": {"channel_order": "Bgr", "initialization": "TruncatedNormal"}},
              "head": {"kind": "SimClr", "hidden": 64, "embedding": 32},
              "loss": {"kind": "tclr", "options": {"convention": "Paper", "kernel": "Batched"}},
              "optimizer": {"kind": "sgd", "decay_norms_and_biases": false},
              "clips": {"sampler": "TclrReference", "length": 8, "timesteps": 2, "augmentation": "TclrPaper", "size": 32}
            }
            """);

        Assert.Multiple(() =>
        {
            Assert.That((recipe.BatchNormScope, recipe.Precision, recipe.NonFinite), Is.EqualTo((BatchNormScope.PerView, TrainingPrecision.BFloat16, NonFinitePolicy.RollBack)));
            Assert.That(recipe.Encoder, Is.EqualTo(EncoderRecipe.Of("mc3_18", new() { ChannelOrder = ChannelOrder.Bgr, Initialization = ConvolutionInitialization.TruncatedNormal })));
            Assert.That(recipe.Head, Is.EqualTo(HeadRecipe.SimClr(64, 32)));
            Assert.That(recipe.Optimizer, Is.EqualTo(new SgdOptions { ExcludeNormAndBias = true }));
            Assert.That(recipe.Loss, Is.EqualTo(LossRecipe.Tclr(new() { Convention = TclrLossConvention.Paper, Kernel = LossKernel.Batched })));
            Assert.That(recipe.Clips, Is.EqualTo(new ClipRecipe { Sampler = SamplerRecipe.TclrReference(localClips: 2), Length = 8, Size = 32 }));
        });
    }

    [Test]
    public void All_kinds_go_through_JSON()
    {
        SamplerRecipe[] samplers =
        [
            SamplerRecipe.Tclr(3, 4), SamplerRecipe.TclrReference(2), SamplerRecipe.TclrTest(9), SamplerRecipe.Cvrl(3),
            SamplerRecipe.DualVar(2, reversal: true), SamplerRecipe.DualVarTest(5, 4), SamplerRecipe.Uniform(7, 3), SamplerRecipe.Random(2, 5),
        ];
        HeadRecipe[] heads = [HeadRecipe.Tclr(3, 4), HeadRecipe.SimClr(3, 4), HeadRecipe.Cvrl(), HeadRecipe.DualVarClip(3, 4), HeadRecipe.DualVarSeries(3, 4, 5)];
        LossRecipe[] losses =
        [
            LossRecipe.Tclr(new() { GlobalLocal = false }), LossRecipe.InstanceContrastive(0.2, 3), LossRecipe.LocalLocal(), LossRecipe.GlobalLocal(1.0 / 3), LossRecipe.DualVar(new() { Temperature = 0.1, RankCap = double.PositiveInfinity }),
            LossRecipe.DualVarMomentum(64, 8, 3, 4), LossRecipe.MomentumContrast(64, 8, 0.2),
        ];
        AugmentationRecipe[] augmentations = [AugmentationRecipe.TclrReference, AugmentationRecipe.TclrPaper, AugmentationRecipe.Cvrl, AugmentationRecipe.DualVar, AugmentationRecipe.Demo(0.5, 0.1)];
        var tiny = TclrRecipes.Tiny();
        IEnumerable<TclrRecipe> recipes =
        [
            .. samplers.Select(sampler => tiny with { Clips = tiny.Clips with { Sampler = sampler } }),
            .. heads.Select(head => tiny with { Head = head }),
            .. losses.Select(loss => tiny with { Loss = loss }),
            .. augmentations.Select(augmentation => tiny with { Clips = tiny.Clips with { Augmentation = augmentation } }),
            .. VideoEncoders.All.Keys.Select(kind => tiny with { Encoder = EncoderRecipe.Of(kind) }),
        ];

        foreach (var recipe in recipes)
        {
            string json = recipe.ToJson();
            var back = TclrRecipe.FromJson(json);
            Assert.That(back.ToJson(), Is.EqualTo(json));
            Assert.That((back.Clips, back.Head, back.Loss, RecipeRegistry.Default.NameOf(back.Encoder)), Is.EqualTo((recipe.Clips, recipe.Head, recipe.Loss, RecipeRegistry.Default.NameOf(recipe.Encoder))));
            Assert.That(json, Does.Not.Match("\"[a-z_]*[A-Z][A-Za-z]*\":"), "property names are snake_case");
        }

        var combined = tiny with { Loss = LossRecipe.Combined(LossRecipe.InstanceContrastive(), LossRecipe.GlobalLocal(weight: 0.5)) };
        Assert.That(TclrRecipe.FromJson(combined.ToJson()).ToJson(), Is.EqualTo(combined.ToJson()));
    }

    [Test]
    public async Task Parts_of_your_own_are_registered()
    {
        var registry = new RecipeRegistry().Add<OwnEncoder>("own_encoder").Add<OwnSchedule>("halving").Add<OwnLoss>("own_loss");
        var recipe = TclrRecipes.Tiny() with { Encoder = new OwnEncoder(6), Schedule = new OwnSchedule(3), Loss = new OwnLoss(0.25) { Weight = 2 }, Head = HeadRecipe.Tclr(8, 4), Steps = 2, BatchSize = 2 };

        Assert.That(() => recipe.ToJson(), Throws.TypeOf<RecipeException>().With.Message.Contains("OwnEncoder is not registered: call RecipeRegistry.Default.Add<OwnEncoder>"));
        var back = TclrRecipe.FromJson(recipe.ToJson(registry), registry);
        Assert.That((back.Encoder, back.Schedule, back.Loss), Is.EqualTo((recipe.Encoder, recipe.Schedule, recipe.Loss)));
        Assert.That(registry.NameOf(back.Encoder), Is.EqualTo("own_encoder"));
        Assert.That(() => TclrRecipe.FromJson(recipe.ToJson(registry)), Throws.TypeOf<RecipeException>().With.Message.Contains("no encoder 'own_encoder'"));

        using (var trainer = new TclrTrainerBuilder().UseRecipe(recipe, registry).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).SaveTo(Folder["own"]).Build())
        {
            await trainer.TrainAsync();
        }

        var checkpoint = Checkpoint.Open(new CheckpointStore(Folder["own/checkpoints"]).Newest!);
        Assert.That(TclrRecipe.Of(checkpoint, registry).ToJson(registry), Is.EqualTo(recipe.ToJson(registry)));
        using var resumed = new TclrTrainerBuilder().UseRecipe(TclrRecipe.Of(checkpoint, registry) with { Steps = 2 }, registry).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).SaveTo(Folder["own"]).Resume().Build();
        Assert.That(resumed.Step, Is.EqualTo(2));
    }

    [Test]
    public void Registering_checks_the_type_and_the_name()
    {
        var registry = new RecipeRegistry().Add<OwnSchedule>("halving").Add<OwnSchedule>("halving");

        Assert.That(() => registry.Add<OwnSchedule>("again"), Throws.ArgumentException.With.Message.Contains("registered already"));
        Assert.That(() => registry.Add<OwnEncoder>("R3D_18"), Throws.ArgumentException.With.Message.Contains("registered already"));
        Assert.That(() => registry.Add<string>("text"), Throws.ArgumentException.With.Message.Contains("expected a class derived from EncoderRecipe"));
    }

    [Test]
    public void The_reference_of_TCLR_is_what_its_authors_run()
    {
        var recipe = TclrRecipes.Ucf101R3D18Reference();

        Assert.Multiple(() =>
        {
            Assert.That(recipe.BatchSize, Is.EqualTo(40));
            Assert.That(recipe.Optimizer, Is.EqualTo(new AdamOptions { LearningRate = 1e-3, WeightDecay = 1e-9, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 }));
            Assert.That(recipe.BatchNormScope, Is.EqualTo(BatchNormScope.PerView));
            Assert.That(recipe.Schedule.Factor(new SchedulePosition(0, 1000, 1, [])), Is.EqualTo(0.01));
            Assert.That(recipe.Loss, Is.EqualTo(LossRecipe.Tclr(new TclrLossOptions { InstanceTemperature = 0.1, TemporalTemperature = 0.1 })));
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
        var recipe = TclrRecipes.Tiny() with { Steps = 2, BatchSize = 2, Seed = 5, GradientCaching = true, BatchNormScope = BatchNormScope.PerView, GradientClipping = 10 };
        using (var trainer = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).SaveTo(Folder["run"]).Build())
        {
            await trainer.TrainAsync();
        }

        var checkpoint = Checkpoint.Open(new CheckpointStore(Folder["run/checkpoints"]).Newest!);
        var back = TclrRecipe.Of(checkpoint);
        using var encoder = back.Encoder.Create();
        checkpoint.LoadEncoder(encoder);

        Assert.That(back.ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.That(Folder["run/metrics.jsonl"], Does.Exist);
        Assert.That(Directory.GetFiles(Folder["run/tensorboard"]), Has.Length.EqualTo(1));
    }

    [TestCase("r3d101", 33)]
    [TestCase("r3d152", 50)]
    public void Deeper_and_wider_encoders_of_CVRL_are_named_in_JSON(string kind, int blocks)
    {
        var recipe = TclrRecipe.FromJson($$$"""{"name":"x","encoder":{"kind":"{{{kind}}}","options":{"width_multiplier":0.0625}},"head":"cvrl"}""");

        using var encoder = recipe.Encoder.Create();

        Assert.That(encoder.Network.named_parameters().Count(parameter => parameter.name.EndsWith("c2.weight", StringComparison.Ordinal)), Is.EqualTo(blocks));
        Assert.That(encoder.FeatureDimension, Is.EqualTo(128));
    }

    [Test]
    public void The_recipes_of_DualVar_have_its_heads_passes_and_queues()
    {
        var recipe = TclrRecipes.Ucf101R2Plus1DDualVarMomentum();

        Assert.Multiple(() =>
        {
            Assert.That(recipe.FurtherHeads, Contains.Key(PassPlan.SeriesHead));
            Assert.That(recipe.Passes!.Passes.Select(pass => pass.Momentum), Is.EqualTo(new[] { false, true, false }));
            Assert.That(recipe.Momentum, Is.EqualTo(new MomentumOptions { Momentum = 0.999 }));
            Assert.That((recipe.BatchSize, recipe.Epochs), Is.EqualTo((64, 200)));
            Assert.That(recipe.Optimizer, Is.EqualTo(new SgdOptions { LearningRate = 0.003, Momentum = 0.9, WeightDecay = 1e-4 }));
            Assert.That(recipe.Schedule.Factor(new SchedulePosition(160, 200, 1, [])), Is.EqualTo(0.01).Within(1e-12));
            Assert.That(recipe.ToJson(), Does.Contain("\"rank_cap\": \"Infinity\"").And.Contain("\"reversal\": true").And.Contain("\"shuffled_views\""));
        });
    }

    [Test]
    public void The_recipes_of_CVRL_have_the_official_lengths()
    {
        Assert.Multiple(() =>
        {
            Assert.That(TclrRecipes.Kinetics600R3D50Cvrl().Steps, Is.EqualTo(71_488));
            Assert.That(TclrRecipes.Kinetics600R3D50Cvrl().Schedule, Is.EqualTo(LearningRateSchedules.Cvrl(1787)));
            Assert.That(TclrRecipes.Kinetics600R3D50Cvrl(epochs: 800).Steps, Is.EqualTo(285_952));
            Assert.That(TclrRecipes.Kinetics400R3D50Cvrl(replicas: 64).Optimizer.LearningRate, Is.EqualTo(20.48).Within(1e-12));
            Assert.That(TclrRecipes.Ucf101R3D18Cvrl().Name, Is.EqualTo("ucf101-r3d18-cvrl"));
        });
    }

    [Test]
    public void Clips_that_cannot_be_shuffled_are_refused_before_any_work()
    {
        var recipe = TclrRecipes.Ucf101R2Plus1DDualVar();
        recipe = recipe with { Clips = recipe.Clips with { Length = 15 } };

        Assert.That(() => new TclrTrainerBuilder().UseRecipe(recipe), Throws.ArgumentException.With.Message.Contains("clips.length: expected a multiple of the 2 segments of a shuffled view, got 15"));
    }

    [Test]
    public void A_loss_that_the_clips_cannot_serve_is_refused_before_any_work()
    {
        var recipe = TclrRecipes.Ucf101R2Plus1DDualVarMomentum() with { BatchSize = 6 };

        var error = Assert.Throws<TclrConfigurationException>(() => new TclrTrainerBuilder().UseRecipe(recipe with { Momentum = null }).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).Build())!;

        Assert.That(error.Message, Does.Contain("the batch size 6 divides, such as 16386; it has 16384").And.Contain("call WithMomentumEncoder()"));
    }

    [Test]
    public void Mistakes_of_a_recipe_are_reported()
    {
        var wrong = TclrRecipes.Tiny() with { BatchSize = 0, Optimizer = new SgdOptions { Momentum = 2, LearningRate = -1 } };

        var error = Assert.Throws<TclrConfigurationException>(() => new TclrTrainerBuilder().UseRecipe(wrong).UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).Build())!;

        Assert.That(error.Problems, Has.Count.EqualTo(3));
        Assert.That(() => new TclrTrainerBuilder().UseRecipe(TclrRecipes.Tiny() with { Loss = LossRecipe.InstanceContrastive(-1) }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => EncoderRecipe.Of("vgg"), Throws.TypeOf<RecipeException>().With.Message.Contains("no encoder 'vgg': expected one of r3d18, "));
    }

    private sealed record OwnEncoder(int Width = 4) : EncoderRecipe
    {
        public override IVideoEncoder Create()
        {
            // TorchSharp leaves a view of the weights behind when it initializes a bias.
            using var scope = NewDisposeScope();
            return VideoEncoders.From(nn.Conv3d(3, Width, (3L, 3L, 3L), stride: (2L, 4L, 4L), padding: (1L, 1L, 1L)), Width);
        }
    }

    private sealed record OwnSchedule(int Epochs) : ILearningRateSchedule
    {
        public double Factor(SchedulePosition position) => Math.Pow(0.5, position.Epoch / Epochs);
    }

    private sealed record OwnLoss(double Temperature) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new InstanceContrastiveLoss(Temperature);
    }
}
