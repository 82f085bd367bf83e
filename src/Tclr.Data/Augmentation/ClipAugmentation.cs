using System.Runtime.CompilerServices;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>A crop, a resize and changes, one after the other. Cannot be changed: each step gives a new augmentation.</summary>
/// <remarks>
/// What happens to a clip is drawn once, as <see cref="ClipParameters"/>, and then carried out: by <see cref="Apply"/> on
/// the processor, or for a whole batch by <see cref="TensorAugmentation"/> on any device, with the same result.
/// Steps on 8-bit levels come first, then affine changes of colour on real numbers; with no 8-bit step nothing is rounded.
/// </remarks>
public sealed class ClipAugmentation : IClipAugmentation
{
    private readonly Recipe recipe;

    private ClipAugmentation(Recipe recipe) => this.recipe = recipe;

    /// <inheritdoc/>
    /// <remarks>0 as long as no size has been given.</remarks>
    public int Height => recipe.Height;

    /// <inheritdoc/>
    /// <remarks>0 as long as no size has been given.</remarks>
    public int Width => recipe.Width;

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder => recipe.Channels;

    internal static ClipAugmentation Empty { get; } = new(new Recipe());

    /// <summary>What the steps of a group are added to: it takes steps only.</summary>
    internal static ClipAugmentation Group { get; } = new(new Recipe { StepsOnly = true });

    internal bool StepsOnly => recipe.StepsOnly;

    internal IReadOnlyList<IClipStep> Steps => recipe.Steps;

    /// <summary>Draws the random numbers of one clip.</summary>
    /// <param name="height">Height of the frames in pixels, 1 or more.</param>
    /// <param name="width">Width of the frames in pixels, 1 or more.</param>
    /// <param name="random">The view's random stream.</param>
    /// <returns>What is to be done with the frames.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    /// <exception cref="InvalidOperationException">No size has been given.</exception>
    public ClipParameters Draw(int height, int width, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (Height == 0)
        {
            throw new InvalidOperationException("the augmentation has no size: add Resize");
        }

        var box = recipe.Crop?.Choose(height, width, ref random) ?? new CropBox(0, 0, width, height);
        int down = recipe.ScaledHeight - Height, across = recipe.ScaledWidth - Width;
        var (top, left) = recipe.RandomPlace ? (random.NextInt32(0, down + 1), random.NextInt32(0, across + 1)) : (down / 2, across / 2);
        var operations = new List<ClipOperation>();
        foreach (var step in recipe.Steps)
        {
            step.Draw(Height, Width, ref random, operations);
        }

        var resize = new ClipResize(box, recipe.ScaledHeight, recipe.ScaledWidth, top, left, Height, Width, recipe.Filter);
        return new ClipParameters(resize, recipe.Channels, recipe.Rounded, operations);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No size has been given.</exception>
    public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ClipExecutor.Run(source, positions, Draw(source.Height, source.Width, ref random), destination);
    }

    internal ClipAugmentation With(IClipCrop crop, [CallerMemberName] string verb = "")
    {
        CheckWhole(verb);
        return recipe.Crop is null && Height == 0
            ? new(recipe with { Crop = crop })
            : throw new InvalidOperationException("there is a crop or a size already: expected one crop, before Resize");
    }

    internal ClipAugmentation With(IClipStep step)
        => !step.OnPixels || !recipe.Steps.Any(earlier => earlier.ChangesColors)
            ? new(recipe with { Steps = [.. recipe.Steps, step], Rounded = recipe.Rounded || step.OnPixels })
            : throw new InvalidOperationException("an 8-bit step cannot follow an affine change of colour: add it before");

    internal ClipAugmentation With(ChannelOrder channels, [CallerMemberName] string verb = "")
    {
        CheckWhole(verb);
        return new(recipe with { Channels = channels, Rounded = recipe.Rounded || channels != ChannelOrder.Rgb });
    }

    internal ClipAugmentation WithRounding([CallerMemberName] string verb = "")
    {
        CheckWhole(verb);
        return new(recipe with { Rounded = true });
    }

    internal ClipAugmentation WithSize(int height, int width, ResizeFilter filter, [CallerMemberName] string verb = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        CheckWhole(verb);
        if (Height != 0)
        {
            throw new InvalidOperationException($"there is a size already, {Width}x{Height}: expected one Resize");
        }

        // Other filters than the first have weights for 8-bit levels only.
        return new(recipe with
        {
            Height = height,
            Width = width,
            ScaledHeight = height,
            ScaledWidth = width,
            Filter = filter,
            Rounded = recipe.Rounded || filter != ResizeFilter.Bilinear,
        });
    }

    internal ClipAugmentation WithPart(int size, bool atRandom, [CallerMemberName] string verb = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        CheckWhole(verb);
        return Height >= size && Width >= size && (Height, Width) == (recipe.ScaledHeight, recipe.ScaledWidth)
            ? new(recipe with { Height = size, Width = size, RandomPlace = atRandom, Rounded = true })
            : throw new InvalidOperationException($"expected one part, after a Resize to {size}x{size} or more, got {Width}x{Height}");
    }

    // Every clip of a batch has one size, channel order and arithmetic: they cannot be left to chance.
    private void CheckWhole(string verb)
    {
        if (StepsOnly)
        {
            throw new InvalidOperationException($"{verb} cannot be one of the steps of Sometimes: it holds for the whole augmentation. Expected steps such as ColorJitter or GaussianBlur; call {verb} on the augmentation outside of Sometimes.");
        }
    }

    private sealed record Recipe
    {
        public IClipCrop? Crop { get; init; }

        public int ScaledHeight { get; init; }

        public int ScaledWidth { get; init; }

        public int Height { get; init; }

        public int Width { get; init; }

        public bool RandomPlace { get; init; }

        public ResizeFilter Filter { get; init; }

        public ChannelOrder Channels { get; init; }

        public bool Rounded { get; init; }

        public bool StepsOnly { get; init; }

        public IReadOnlyList<IClipStep> Steps { get; init; } = [];
    }
}
