using Tclr.Core;
using Tclr.Data;

namespace Tclr;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for recipes.</summary>
public static class RecipeBuilderExtensions
{
    /// <summary>Takes everything but the videos from a recipe. What is said after it stands.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="recipe">The recipe; it goes into the checkpoints.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">A part of the recipe is out of its range.</exception>
    public static TclrTrainerBuilder UseRecipe(this TclrTrainerBuilder builder, TclrRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(recipe);
        var (loss, weight) = recipe.Loss.Create();
        builder
            .UseEncoder(recipe.Encoder.Create)
            .UseHead(recipe.Head.Create)
            .UseLoss(loss, weight)
            .UseOptimizer(recipe.Optimizer)
            .UseSchedule(recipe.Schedule)
            .WithBatchSize(recipe.BatchSize)
            .WithAccumulation(recipe.Accumulation)
            .WithSeed(recipe.Seed)
            .WithBatchStatistics(recipe.Statistics, recipe.VideosPerPass)
            .WithPrecision(recipe.Precision)
            .OnNonFinite(recipe.NonFinite)
            .DescribeAs(recipe.ToElement());
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

    /// <summary>Trains on clips of videos as a recipe says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="index">The videos, as long as the recipe's sampler needs.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reader">What decodes the videos; an <see cref="OpenCvVideoReader"/> if <see langword="null"/>.</param>
    /// <param name="options">How they are loaded; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="VideoDataException">Videos of the index are shorter than the sampler needs.</exception>
    /// <exception cref="ArgumentException">A part of the recipe is out of its range.</exception>
    public static TclrTrainerBuilder FromVideos(this TclrTrainerBuilder builder, VideoIndex index, TclrRecipe recipe, IVideoReader? reader = null, ClipLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return builder.FromVideos(index, recipe.Clips.CreateSampler(), recipe.Clips.CreateAugmentation(), reader, options);
    }
}
