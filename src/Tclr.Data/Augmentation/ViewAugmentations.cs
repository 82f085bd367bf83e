using Tclr.Core;

namespace Tclr.Data;

/// <summary>An augmentation for each view of a sample; views beyond the last get the last one.</summary>
internal sealed class ViewAugmentations : IClipAugmentation
{
    private readonly ClipAugmentation[] views;

    public ViewAugmentations(params ClipAugmentation[] views)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (views.Length == 0 || views.Any(view => view.Height == 0 || (view.Height, view.Width) != (views[0].Height, views[0].Width)))
        {
            string sizes = string.Join(", ", views.Select(view => $"{view.Width}x{view.Height}"));
            throw new ArgumentException($"expected one augmentation or more, all of one size, got [{sizes}]", nameof(views));
        }

        if (views.Any(view => view.ChannelOrder != views[0].ChannelOrder))
        {
            throw new ArgumentException($"expected augmentations of one channel order, got [{string.Join(", ", views.Select(view => view.ChannelOrder))}]", nameof(views));
        }

        if (views.FirstOrDefault(view => view.Crops != 1) is not null)
        {
            throw new ArgumentException("expected augmentations of one crop each: ThreeCrop is for evaluation, where all clips are treated alike", nameof(views));
        }

        this.views = [.. views];
    }

    /// <inheritdoc/>
    public int Height => views[0].Height;

    /// <inheritdoc/>
    public int Width => views[0].Width;

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder => views[0].ChannelOrder;

    /// <summary>The augmentation of a view.</summary>
    public ClipAugmentation this[int view] => views[Math.Clamp(view, 0, views.Length - 1)];

    /// <inheritdoc/>
    public IClipAugmentation ForView(int view) => this[view];

    /// <inheritdoc/>
    /// <remarks>Uses the augmentation of view 0; see <see cref="ForView"/>.</remarks>
    public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination)
        => views[0].Apply(source, positions, ref random, destination);
}
