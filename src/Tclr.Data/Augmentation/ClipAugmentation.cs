using System.Runtime.CompilerServices;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>A pipeline of a crop, a resize and operations. Immutable: each method returns a new pipeline with one operation more.</summary>
/// <remarks>
/// The order is: crop, <see cref="Resize(int, ResizeFilter)"/>, operations on 8-bit levels, affine changes of color on real
/// numbers. Adding an 8-bit operation after a change of color, a second crop or a second size throws
/// <see cref="InvalidOperationException"/>. Without 8-bit operations nothing is rounded. Parameters are drawn once per clip and apply to all its frames.
/// </remarks>
/// <example><code>
/// var augmentation = Augmentations.Start()
///     .RandomSquareCrop(0.6, 1).Resize(112)
///     .ColorJitter(0.4, 0.4, 0.4, 0.1, probability: 0.8).Grayscale(0.2).GaussianBlur(0.1, 2, probability: 0.5).HorizontalFlip();
/// </code></example>
public sealed partial class ClipAugmentation : IClipAugmentation
{
    private readonly Recipe recipe;

    private ClipAugmentation(Recipe recipe) => this.recipe = recipe;

    /// <inheritdoc/>
    /// <remarks>0 before <see cref="Resize(int, ResizeFilter)"/>.</remarks>
    public int Height => recipe.Height;

    /// <inheritdoc/>
    /// <remarks>0 before <see cref="Resize(int, ResizeFilter)"/>.</remarks>
    public int Width => recipe.Width;

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder => recipe.Channels;

    /// <inheritdoc/>
    /// <remarks>3 after <see cref="ThreeCrop"/>, else 1.</remarks>
    public int Crops => recipe.Part == ClipPart.Thirds ? 3 : 1;

    internal static ClipAugmentation Empty { get; } = new(new Recipe());

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The pipeline with the operation.</returns>
    /// <exception cref="InvalidOperationException">The operation works on 8-bit levels, and there is an affine change of color already.</exception>
    public ClipAugmentation Add(ClipOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return !operation.ChangesPixels || !recipe.Operations.Any(earlier => earlier.ChangesColors)
            ? new(recipe with { Operations = [.. recipe.Operations, operation], Rounded = recipe.Rounded || operation.ChangesPixels })
            : throw new InvalidOperationException("an operation on 8-bit levels cannot follow an affine change of color: add it before");
    }

    /// <summary>Adds a crop. It is the first operation.</summary>
    /// <param name="crop">Chooses the part of the frames.</param>
    /// <returns>The pipeline with the crop.</returns>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public ClipAugmentation Crop(IClipCrop crop)
    {
        ArgumentNullException.ThrowIfNull(crop);
        return With(crop);
    }

    /// <summary>Sets the channel order of the operations and of the result; BGR rounds to 8 bits.</summary>
    /// <param name="order">The order. With BGR the encoder must not reverse the channels again (<c>VideoEncoderOptions.ChannelOrder</c>); trainer and evaluation refuse that.</param>
    public ClipAugmentation Channels(ChannelOrder order)
    {
        CheckWhole();
        return new(recipe with { Channels = order, Rounded = recipe.Rounded || order != ChannelOrder.Rgb });
    }

    /// <summary>Rounds levels to 8 bits after the resize, as in an image file. Any 8-bit operation does so too.</summary>
    public ClipAugmentation RoundToBytes()
    {
        CheckWhole();
        return new(recipe with { Rounded = true });
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The pipeline has no size.</exception>
    public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ClipExecutor.Run(source, positions, Draw(source.Height, source.Width, ref random), destination);
    }

    /// <inheritdoc/>
    /// <remarks>After <see cref="ThreeCrop"/>, view <c>v</c> shows crop <c>v</c> modulo 3.</remarks>
    public IClipAugmentation ForView(int view) => Crops == 1 ? this : new ClipAugmentation(recipe with { Third = view % 3 });

    /// <summary>Draws the parameters of one clip.</summary>
    /// <param name="height">Height of the frames in pixels, 1 or more.</param>
    /// <param name="width">Width of the frames in pixels, 1 or more.</param>
    /// <param name="random">The view's random stream.</param>
    internal ClipParameters Draw(int height, int width, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (Height == 0)
        {
            throw new InvalidOperationException("the augmentation has no size: add Resize, or a crop after ResizeShorterSide");
        }

        var box = recipe.Crop?.Choose(height, width, ref random) ?? new CropBox(0, 0, width, height);
        var (scaledHeight, scaledWidth) = Scaled(box);
        int down = scaledHeight - Height, across = scaledWidth - Width;
        var (top, left) = recipe.Part switch
        {
            ClipPart.Random => (random.NextInt32(0, down + 1), random.NextInt32(0, across + 1)),
            ClipPart.Thirds => (Third(down), Third(across)),
            _ => (Half(down), Half(across)),
        };
        var changes = new List<ClipChange>();
        foreach (var operation in recipe.Operations)
        {
            changes.AddRange(operation.Draw(Height, Width, ref random));
        }

        return new ClipParameters(new ClipResize(box, scaledHeight, scaledWidth, top, left, Height, Width, recipe.Filter), recipe.Channels, recipe.Rounded, changes);
    }

    // The start of a centered part, halves rounded to even as in torchvision and TensorFlow.
    private static int Half(int room) => (int)Math.Round(room / 2.0);

    private int Third(int room) => recipe.Third switch { 0 => 0, 1 => Half(room), _ => room };

    private (int Height, int Width) Scaled(CropBox box) => recipe.ShorterSide == 0
        ? (recipe.ScaledHeight, recipe.ScaledWidth)
        : (Math.Max(recipe.ShorterSide, (int)(box.Height * recipe.ShorterSide / box.Width)), Math.Max(recipe.ShorterSide, (int)(box.Width * recipe.ShorterSide / box.Height)));

    private ClipAugmentation With(IClipCrop crop, [CallerMemberName] string verb = "")
    {
        CheckWhole(verb);
        return recipe.Crop is null && Height == 0 && recipe.ShorterSide == 0
            ? new(recipe with { Crop = crop })
            : throw new InvalidOperationException("there is a crop or a size already: expected one crop, before Resize");
    }

    private ClipAugmentation WithPixels(double probability, DrawChange draw) => Add(new RandomApply(probability, [new DrawnChange(draw, pixels: true)]));

    private ClipAugmentation WithColors(DrawChange draw) => Add(new DrawnChange(draw, pixels: false));

    // Size, channel order and arithmetic are those of the whole batch, so they cannot be random.
    private void CheckWhole([CallerMemberName] string verb = "")
    {
        if (recipe.OperationsOnly)
        {
            throw new InvalidOperationException($"{verb} cannot be used inside RandomApply: it applies to the whole augmentation. Expected operations such as ColorJitter or GaussianBlur; call {verb} outside of RandomApply.");
        }
    }

    private static void CheckRange(double low, double high, double minimum, double maximum, string what, [CallerArgumentExpression(nameof(low))] string name = "")
        => OptionChecker.ThrowIfInvalid(
            check => check.Require(
                low >= minimum && low <= high && high <= maximum && double.IsFinite(low) && double.IsFinite(high),
                FormattableString.Invariant($"{low} and {high}"),
                FormattableString.Invariant($"{what} with {minimum} <= low <= high <= {maximum}"),
                name),
            name);

    private sealed record Recipe
    {
        public IClipCrop? Crop { get; init; }

        public int ScaledHeight { get; init; }

        public int ScaledWidth { get; init; }

        public int Height { get; init; }

        public int Width { get; init; }

        /// <summary>Length of the shorter side after the resize, if only that is given; otherwise 0.</summary>
        public int ShorterSide { get; init; }

        public ClipPart Part { get; init; }

        /// <summary>Which of the three crops.</summary>
        public int Third { get; init; }

        public ResizeFilter Filter { get; init; }

        public ChannelOrder Channels { get; init; }

        public bool Rounded { get; init; }

        /// <summary>Whether this is the inside of <c>RandomApply</c>.</summary>
        public bool OperationsOnly { get; init; }

        public IReadOnlyList<ClipOperation> Operations { get; init; } = [];
    }
}

/// <summary>The drawn parameters of one clip. The same frames and parameters give the same clip on every machine.</summary>
/// <param name="Resize">Crop and size.</param>
/// <param name="Channels">Channel order of the operations and of the result.</param>
/// <param name="Rounded">Whether levels are rounded to 8 bits after each axis of the resize, as in a picture file.</param>
/// <param name="Operations">The changes in order: those of 8-bit levels first.</param>
internal sealed record ClipParameters(ClipResize Resize, ChannelOrder Channels, bool Rounded, IReadOnlyList<ClipChange> Operations)
{
    /// <summary>The changes of 8-bit levels, in order.</summary>
    public IEnumerable<PixelChange> PixelChanges => Operations.OfType<PixelChange>();

    /// <summary>Whether there is a change of color.</summary>
    public bool ChangesColors => Operations.Any(change => change is ColorChange);
}
