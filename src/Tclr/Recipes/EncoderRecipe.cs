using Tclr.Core;
using Tclr.Models;

namespace Tclr;

/// <summary>The encoder of a recipe. Derive from it for an encoder of your own, and register it with <see cref="RecipeRegistry.Add{T}"/>.</summary>
/// <example><code>
/// public sealed record MyEncoder(int Width = 64) : EncoderRecipe
/// {
///     public override IVideoEncoder Create() => VideoEncoders.From(new MyNetwork(Width), features: Width);
/// }
///
/// RecipeRegistry.Default.Add&lt;MyEncoder&gt;("my_encoder");
/// var recipe = TclrRecipes.Tiny() with { Encoder = new MyEncoder(Width: 32) };
/// </code></example>
public abstract record EncoderRecipe
{
    /// <summary>Names one of the encoders of <see cref="VideoEncoders"/>.</summary>
    /// <param name="kind">A name of <see cref="VideoEncoders.All"/>, such as <c>r3d18</c>.</param>
    /// <param name="options">Its options; <see langword="null"/> for the defaults.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">There is no encoder of that name. The message lists the names.</exception>
    public static EncoderRecipe Of(string kind, VideoEncoderOptions? options = null) => new VideoEncoderRecipe(kind, options);

    /// <summary>Creates the encoder.</summary>
    /// <returns>The encoder; the caller owns it.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public abstract IVideoEncoder Create();
}

/// <summary>One of the encoders of <see cref="VideoEncoders"/>.</summary>
internal sealed record VideoEncoderRecipe : EncoderRecipe
{
    /// <exception cref="RecipeException">There is no encoder of that name.</exception>
    public VideoEncoderRecipe(string kind, VideoEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Kind = VideoEncoders.All.TryGetValue(kind, out var create)
            ? VideoEncoders.All.First(entry => entry.Value == create).Key
            : throw new RecipeException($"no encoder '{kind}': expected one of {string.Join(", ", VideoEncoders.All.Keys)}");
        Options = options ?? new VideoEncoderOptions();
    }

    /// <summary>The encoder's name in <see cref="VideoEncoders.All"/>.</summary>
    public string Kind { get; }

    public VideoEncoderOptions Options { get; init; }

    public override IVideoEncoder Create() => VideoEncoders.All[Kind](Options);
}
