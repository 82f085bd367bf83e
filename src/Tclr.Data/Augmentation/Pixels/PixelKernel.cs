namespace Tclr.Data;

/// <summary>How an operation on 8-bit levels is carried out on the processor.</summary>
internal abstract class PixelKernel
{
    /// <summary>Whether the operation has to see all frames before it changes one.</summary>
    public virtual bool NeedsClip => false;

    /// <summary>Looks at all frames, where <see cref="NeedsClip"/>.</summary>
    /// <param name="clip">The clip as the operations before have left it.</param>
    public virtual void Measure(PixelClip clip)
    {
    }

    /// <summary>Changes a frame.</summary>
    /// <param name="frame">The frame.</param>
    public abstract void Apply(PixelFrame frame);

    /// <summary>Prepares an operation for clips of a size.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <returns>What carries it out; for one clip.</returns>
    public static PixelKernel For(PixelOperation operation, int height, int width) => operation switch
    {
        AdjustBrightness(var factor) => new BrightnessKernel(factor),
        AdjustContrast(var factor, ContrastMean.Frame) => new ContrastKernel(factor),
        AdjustContrast(var factor, _) => new ClipContrastKernel(factor),
        AdjustSaturation(var factor) => new SaturationKernel(factor),
        ShiftHue(var shift) => new HueKernel(shift),
        ToGray => new GrayKernel(),
        AdjustGamma(var exponent) => new LevelsKernel(LevelMap.Gamma(exponent)),
        Solarize(var threshold) => new LevelsKernel(LevelMap.Solarize(threshold)),
        DropChannel(var channel) => new DropKernel(channel),
        FlipHorizontally => new FlipKernel(),
        Erase erase => new EraseKernel(erase),
        Blur blur => new BlurKernel(blur, height, width),
        Warp warp => new WarpKernel(new WarpMap(warp, height, width)),
        _ => throw new NotSupportedException($"no kernel for {operation}"),
    };
}
