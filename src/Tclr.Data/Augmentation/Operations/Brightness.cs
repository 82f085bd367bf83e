using System.Numerics;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Adds a random amount to all channels, with 1 for full intensity; real numbers, not clipped.</summary>
    /// <param name="low">Smallest amount.</param>
    /// <param name="high">Largest amount.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amount is not finite, or they are in the wrong order.</exception>
    public ClipAugmentation Brightness(double low, double high)
    {
        CheckRange(low, high, double.MinValue, double.MaxValue, "amounts");
        return WithColors((_, _, ref random) => new MixChannels(Matrix4x4.CreateTranslation(new Vector3((float)random.Uniform(low, high)))));
    }
}
