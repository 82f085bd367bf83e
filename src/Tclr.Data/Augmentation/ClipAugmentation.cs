using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>A crop, a resize and changes of colour, one after the other. Cannot be changed: each step gives a new augmentation.</summary>
public sealed class ClipAugmentation : IClipAugmentation
{
    private readonly IClipCrop? crop;
    private readonly IColorTransform[] colors;

    private ClipAugmentation(IClipCrop? crop, int height, int width, IColorTransform[] colors)
    {
        this.crop = crop;
        this.colors = colors;
        Height = height;
        Width = width;
    }

    /// <inheritdoc/>
    /// <remarks>0 as long as no size has been given.</remarks>
    public int Height { get; }

    /// <inheritdoc/>
    /// <remarks>0 as long as no size has been given.</remarks>
    public int Width { get; }

    internal static ClipAugmentation Empty { get; } = new(null, 0, 0, []);

    /// <summary>Adds a crop.</summary>
    /// <param name="step">The crop.</param>
    /// <returns>The augmentation with it.</returns>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public ClipAugmentation With(IClipCrop step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return crop is null && Height == 0
            ? new ClipAugmentation(step, Height, Width, colors)
            : throw new InvalidOperationException("there is a crop or a size already: expected one crop, before Resize");
    }

    /// <summary>Adds a change of colour after those that are there.</summary>
    /// <param name="step">The change.</param>
    /// <returns>The augmentation with it.</returns>
    public ClipAugmentation With(IColorTransform step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new ClipAugmentation(crop, Height, Width, [.. colors, step]);
    }

    /// <summary>Sets the size of a clip.</summary>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <returns>The augmentation with it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is a size already.</exception>
    public ClipAugmentation WithSize(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return Height == 0
            ? new ClipAugmentation(crop, height, width, colors)
            : throw new InvalidOperationException($"there is a size already, {Width}x{Height}: expected one Resize");
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No size has been given.</exception>
    public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Height == 0)
        {
            throw new InvalidOperationException("the augmentation has no size: add Resize");
        }

        int plane = positions.Length * Height * Width;
        if (positions.Length == 0 || destination.Length != 3 * plane)
        {
            throw new ArgumentException(
                $"expected one position or more and 3 * T * H * W elements for T = {positions.Length}, H = {Height}, W = {Width}, got {destination.Length}",
                nameof(destination));
        }

        var box = crop?.Choose(source.Height, source.Width, ref random) ?? new CropBox(0, 0, source.Width, source.Height);
        var mean = ClipResampler.Resample(source, positions, box, Height, Width, destination) / byte.MaxValue;
        var total = Matrix4x4.CreateScale(1f / byte.MaxValue);
        foreach (var color in colors)
        {
            var change = color.Draw(mean, ref random);
            mean = Vector3.Transform(mean, change);
            total *= change;
        }

        ColorPass.Apply(total, destination[..plane], destination.Slice(plane, plane), destination[(2 * plane)..]);
    }
}
