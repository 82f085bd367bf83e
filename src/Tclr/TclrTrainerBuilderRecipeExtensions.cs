using System.Text.Json;
using Tclr.Data;

namespace Tclr;

/// <summary>Methods of <see cref="TclrTrainerBuilder"/> for recipes.</summary>
public static class TclrTrainerBuilderRecipeExtensions
{
    /// <summary>Sets everything but the videos from a recipe. Later calls override it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="recipe">The recipe; it is saved in the checkpoints.</param>
    /// <param name="registry">The kinds of its parts; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="RecipeException">A part of your own is not registered.</exception>
    /// <exception cref="ArgumentException">A part of the recipe is out of its range.</exception>
    public static TclrTrainerBuilder UseRecipe(this TclrTrainerBuilder builder, TclrRecipe recipe, RecipeRegistry? registry = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(recipe);
        RefuseUnevenSegments(recipe);
        builder
            .UseEncoder(recipe.Encoder.Create)
            .UseHead(recipe.Head.Create)
            .UseLoss(recipe.Loss.Create(), recipe.Loss.Weight)
            .UseOptimizer(recipe.Optimizer)
            .UseSchedule(recipe.Schedule)
            .WithBatchSize(recipe.BatchSize)
            .WithLastBatch(recipe.KeepLastBatch)
            .WithAccumulation(recipe.Accumulation)
            .WithSeed(recipe.Seed)
            .WithBatchNormScope(recipe.BatchNormScope, recipe.VideosPerPass)
            .WithPrecision(recipe.Precision)
            .OnNonFinite(recipe.NonFinite)
            .DescribeAs(JsonSerializer.SerializeToElement(recipe, (registry ?? RecipeRegistry.Default).Json));
        foreach (var (name, head) in recipe.FurtherHeads ?? new Dictionary<string, HeadRecipe>(StringComparer.Ordinal))
        {
            builder.AddHead(name, head.Create);
        }

        if (recipe.Passes is { } passes)
        {
            builder.WithPasses(passes);
        }

        if (recipe.Momentum is { } momentum)
        {
            builder.WithMomentumEncoder(momentum);
        }

        if (recipe.GradientCaching)
        {
            builder.WithGradientCaching(recipe.MemoryBudget);
        }

        if (recipe.GradientClipping is { } longest)
        {
            builder.WithGradientClipping(longest);
        }

        if (recipe.Epochs is { } epochs)
        {
            builder.ForEpochs(epochs);
        }
        else if (recipe.Steps is { } steps)
        {
            builder.ForSteps(steps);
        }

        return builder;
    }

    /// <summary>Sets the videos, with the sampler and the augmentation of a recipe.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="index">The videos; none shorter than the sampler's minimum.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reader">Decodes the videos; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="options">Options of loading; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="VideoDataException">Videos of the index are shorter than the sampler needs.</exception>
    /// <exception cref="ArgumentException">A part of the recipe is out of its range.</exception>
    public static TclrTrainerBuilder FromVideos(this TclrTrainerBuilder builder, VideoIndex index, TclrRecipe recipe, IVideoReader? reader = null, ClipLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return builder.FromVideos(index, recipe.Clips.CreateSampler(), recipe.Clips.CreateAugmentation(), reader, options);
    }

    private static void RefuseUnevenSegments(TclrRecipe recipe)
    {
        foreach (var view in recipe.Passes?.ShuffledViews ?? [])
        {
            if (view.Segments > 0 && recipe.Clips.Length % view.Segments != 0)
            {
                throw new ArgumentException(FormattableString.Invariant($"clips.length: expected a multiple of the {view.Segments} segments of a shuffled view, got {recipe.Clips.Length}"), nameof(recipe));
            }
        }
    }
}
