using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Adds a random amount to all channels.</summary>
internal sealed class Brightness : IColorTransform
{
    private readonly double low;
    private readonly double high;

    public Brightness(double low, double high)
    {
        if (!(low <= high && double.IsFinite(low) && double.IsFinite(high)))
        {
            throw new ArgumentOutOfRangeException(nameof(low), $"expected finite amounts with low <= high, got {low} and {high}");
        }

        this.low = low;
        this.high = high;
    }

    public Matrix4x4 Draw(Vector3 mean, ref CounterRandom random)
        => Matrix4x4.CreateTranslation(new Vector3((float)random.Uniform(low, high)));
}
