using System.Numerics;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Multiplies the distance from the clip's mean (over channels, frames and pixels) by a random factor; real numbers, not clipped.</summary>
    /// <param name="low">Smallest factor, 0 or more.</param>
    /// <param name="high">Largest factor.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is out of its range.</exception>
    public ClipAugmentation Contrast(double low, double high)
    {
        CheckRange(low, high, 0, double.MaxValue, "factors");
        return WithColors((_, _, ref random) => new SpreadAroundMean((float)random.Uniform(low, high)));
    }
}

internal sealed class SpreadAroundMean(float factor) : ColorChange
{
    internal override bool IsAffineInMean => true;

    public override Matrix4x4 Matrix(Vector3 mean)
    {
        float middle = (mean.X + mean.Y + mean.Z) / 3;
        return Matrix4x4.CreateScale(factor).Then(Matrix4x4.CreateTranslation(new Vector3(middle * (1 - factor))));
    }
}
