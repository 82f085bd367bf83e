using System.Numerics;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Adds a constant to all channels.</summary>
    /// <param name="amount">The constant; -0.5 centers the values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not finite.</exception>
    public ClipAugmentation Shift(double amount)
    {
        OptionChecker.ThrowIfInvalid(check => check.Require(double.IsFinite(amount), amount, "a finite amount"), nameof(amount));
        return WithColors((_, _, ref random) => new MixChannels(Matrix4x4.CreateTranslation(new Vector3((float)amount))));
    }

    /// <summary>Subtracts a mean from each channel, then divides by a standard deviation.</summary>
    /// <param name="mean">The means, in the clip's channel order, with 1 for full intensity.</param>
    /// <param name="deviation">The standard deviations, each above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or a deviation is not above 0.</exception>
    public ClipAugmentation Normalize(Vector3 mean, Vector3 deviation)
    {
        // Arrays, whose values are compared when a run resumes.
        float[] means = [mean.X, mean.Y, mean.Z], deviations = [deviation.X, deviation.Y, deviation.Z];
        OptionChecker.ThrowIfInvalid(
            check => check.Require(
                means.All(float.IsFinite) && deviations.All(value => float.IsFinite(value) && value > 0),
                FormattableString.Invariant($"{mean} and {deviation}"),
                "finite means and deviations above 0",
                nameof(deviation)),
            nameof(deviation));
        return WithColors((_, _, ref random) => new MixChannels(Matrix4x4.CreateTranslation(-new Vector3(means)).Then(Matrix4x4.CreateScale(Vector3.One / new Vector3(deviations)))));
    }

    /// <summary>Normalizes RGB clips with ImageNet's mean (0.485, 0.456, 0.406) and standard deviation (0.229, 0.224, 0.225).</summary>
    public ClipAugmentation NormalizeImageNet() => Normalize(new Vector3(0.485f, 0.456f, 0.406f), new Vector3(0.229f, 0.224f, 0.225f));
}
