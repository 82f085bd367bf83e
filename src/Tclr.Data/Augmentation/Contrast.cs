using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Spreads or narrows the values around the clip's mean, taken over all channels, frames and pixels.</summary>
internal sealed class Contrast : IColorTransform
{
    private readonly double low;
    private readonly double high;

    public Contrast(double low, double high)
    {
        if (!(low >= 0 && low <= high && double.IsFinite(high)))
        {
            throw new ArgumentOutOfRangeException(nameof(low), $"expected factors with 0 <= low <= high, got {low} and {high}");
        }

        this.low = low;
        this.high = high;
    }

    public Matrix4x4 Draw(Vector3 mean, ref CounterRandom random)
    {
        float factor = (float)random.Uniform(low, high);
        float middle = (mean.X + mean.Y + mean.Z) / 3;
        return Matrix4x4.CreateScale(factor) * Matrix4x4.CreateTranslation(new Vector3(middle * (1 - factor)));
    }
}
