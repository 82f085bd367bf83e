namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Makes three clips of each: squares at the start, the center and the end of the resized frame's longer side.</summary>
    /// <remarks>
    /// Use it after <see cref="ResizeShorterSide"/>, whose length is the side of the squares. The center one starts at
    /// <c>L/2 - side/2</c>, halves rounded to even. A loader returns crop <c>c</c> of clip <c>k</c> as view <c>3 k + c</c>
    /// (<see cref="IClipAugmentation.Crops"/>). Rounds to 8 bits.
    /// </remarks>
    /// <exception cref="InvalidOperationException">There is no <see cref="ResizeShorterSide"/>, or a crop follows it already.</exception>
    public ClipAugmentation ThreeCrop()
    {
        CheckWhole();
        return recipe.ShorterSide > 0 && Height == 0
            ? new(recipe with { Height = recipe.ShorterSide, Width = recipe.ShorterSide, Part = ClipPart.Thirds, Rounded = true })
            : throw new InvalidOperationException("expected ThreeCrop right after ResizeShorterSide, whose length is the side of the crops");
    }
}
