using System.Runtime.CompilerServices;
using Tclr.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Tests;

/// <summary>
/// How often a step of each recipe reads from the device. Encoder and heads are linear here; passes, losses, queues, momentum encoder and
/// optimizer are the recipe's.
/// </summary>
[NoTensorLeaks(Parameters = true)]
public sealed class RecipeStepTests
{
    private const int Steps = 3;

    private static IEnumerable<TestCaseData> Cases
        => from name in TclrRecipes.All.Keys
           from precision in new[] { TrainingPrecision.Float32, TrainingPrecision.BFloat16 }
           select new TestCaseData(name, precision);

    [TestCaseSource(nameof(Cases))]
    public async Task A_step_reads_nothing_until_the_metrics_of_several_steps_are_read(string name, TrainingPrecision precision)
    {
        var recipe = TclrRecipes.All[name]();
        recipe = recipe with
        {
            BatchSize = 4,
            NonFinite = NonFinitePolicy.Stop,
            Head = new LinearHeadRecipe(recipe.Head),
            FurtherHeads = recipe.FurtherHeads?.ToDictionary(head => head.Key, head => (HeadRecipe)new LinearHeadRecipe(head.Value), StringComparer.Ordinal),
        };
        await ReadsOf(1);       // measures the peak of the processor

        Assert.That(await ReadsOf(Steps), Is.EqualTo(1));

        async Task<long> ReadsOf(int steps)
        {
            using var reads = new DeviceReads();
            using var trainer = new TclrTrainerBuilder().UseRecipe(recipe, new RecipeRegistry().Add<LinearHeadRecipe>("linear")).UseEncoder(() => new LinearEncoder(recipe))
                .UseClips(new SmallClips(recipe)).WithPrecision(precision).ForSteps(steps).ReadMetricsEvery(steps).WithThreads(1).Build();
            await trainer.TrainAsync();
            return reads.Count;
        }
    }

    private sealed class LinearEncoder : nn.Module<Tensor, Tensor>, IVideoEncoder
    {
        private readonly int timesteps;
        private readonly Linear linear;

        public LinearEncoder(TclrRecipe recipe)
            : base(nameof(LinearEncoder))
        {
            timesteps = Math.Max(1, recipe.Clips.CreateSampler().Layout.LocalClips);
            linear = nn.Linear(3, FeatureDimension);
            RegisterComponents();
        }

        public int FeatureDimension => 16;

        public nn.Module Network => this;

        public Tensor Encode(Tensor clips) => call(clips);

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var slices = input.reshape(input.shape[0], 3, timesteps, -1).mean([3]).transpose(1, 2);         // [N, T', 3]
            return linear.call(slices).transpose(1, 2).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A linear head whose embeddings have the shape of another head's.</summary>
    private sealed record LinearHeadRecipe(HeadRecipe Original) : HeadRecipe
    {
        public override IProjectionHead Create(int features) => new LinearHead(features, ShapeOf(features));

        private long[] ShapeOf(int features)
        {
            using var scope = NewDisposeScope();
            using var original = Original.Create(features);
            return original.Project(zeros(2, features)).shape[1..];
        }
    }

    private sealed class LinearHead : nn.Module<Tensor, Tensor>, IProjectionHead
    {
        private readonly long[] shape;
        private readonly Linear linear;

        public LinearHead(int features, long[] shape)
            : base(nameof(LinearHead))
        {
            this.shape = shape;
            linear = nn.Linear(features, shape.Aggregate((a, b) => a * b));
            RegisterComponents();
        }

        public int EmbeddingDimension => (int)shape[^1];

        public nn.Module Network => this;

        public Tensor Project(Tensor features) => call(features);

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return nn.functional.normalize(linear.call(input).view([input.shape[0], .. shape]), 2, shape.Length).MoveToOuterDisposeScope();
        }
    }

    private sealed class SmallClips(TclrRecipe recipe) : IClipSource
    {
        public int SampleCount => recipe.BatchSize * recipe.Accumulation * Steps;

        public ViewLayout Layout { get; } = recipe.Clips.CreateSampler().Layout;

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            long[] shape = [Layout.Count, request.BatchSize, 3, recipe.Clips.Length, 2, 2];
            string[] names = [.. Enumerable.Range(0, request.BatchSize).Select(i => $"{i}")];
            for (int step = 0; step < request.BatchCount; step++)
            {
                yield return new ClipBatch(Values(shape), Layout, names);
            }
        }

        private static Tensor Values(long[] shape)
        {
            using var scope = NewDisposeScope();
            return arange(shape.Aggregate((a, b) => a * b), ScalarType.Float32).cos().view(shape).DetachFromDisposeScope();
        }
    }
}
