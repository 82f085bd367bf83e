using Tclr.Core;

namespace Tclr.Data;

// The steps on 8-bit levels.
public static partial class ClipAugmentationVerbs
{
    /// <summary>Changes brightness, contrast, saturation and hue, in random order, in the arithmetic of Pillow.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="brightness">Largest deviation of the factor from 1, 0 to 1.</param>
    /// <param name="contrast">Largest deviation of the factor from 1, 0 to 1.</param>
    /// <param name="saturation">Largest deviation of the factor from 1, 0 to 1.</param>
    /// <param name="hue">Largest shift either way, as a share of the circle, 0 to 0.5.</param>
    /// <param name="probability">How often all of it happens, 0 to 1. The default value is 1.</param>
    /// <param name="mean">What contrast moves away from. The default value is each frame's mean luma.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation ColorJitter(
        this ClipAugmentation augmentation, double brightness, double contrast, double saturation, double hue, double probability = 1, ContrastMean mean = ContrastMean.Frame)
        => Checked(augmentation).With(new ColorJitter(brightness, contrast, saturation, hue, probability, mean));

    /// <summary>Changes colours as TCLR does: contrast, hue, saturation, brightness, gray and gamma, a dropped channel.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="options">Ranges and probabilities; <see langword="null"/> for the authors'.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation TclrColors(this ClipAugmentation augmentation, TclrColorOptions? options = null)
        => Checked(augmentation).With(new TclrColors(options ?? new TclrColorOptions()));

    /// <summary>Makes the clip gray.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="probability">How often, 0 to 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation Grayscale(this ClipAugmentation augmentation, double probability)
        => Checked(augmentation).With(new Chance(probability, (_, _, ref random) => new ToGray()));

    /// <summary>Applies a gamma curve.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="low">Smallest exponent, 0.01 or more.</param>
    /// <param name="high">Largest exponent, 100 at most.</param>
    /// <param name="probability">How often, 0 to 1. The default value is 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation Gamma(this ClipAugmentation augmentation, double low, double high, double probability = 1)
    {
        StepCheck.Range(low, high, 0.01, 100, "exponents", nameof(low));
        return Checked(augmentation).With(new Chance(probability, (_, _, ref random) => new AdjustGamma(random.Uniform(low, high))));
    }

    /// <summary>Sets one channel, any of the three, to 0.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="probability">How often, 0 to 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation DropChannel(this ClipAugmentation augmentation, double probability)
        => Checked(augmentation).With(new Chance(probability, (_, _, ref random) => new DropChannel(random.NextInt32(0, 3))));

    /// <summary>Inverts bright levels.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="threshold">The first level that is inverted, 0 to 255.</param>
    /// <param name="probability">How often, 0 to 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation Solarize(this ClipAugmentation augmentation, int threshold, double probability)
    {
        StepCheck.Amount(threshold, byte.MaxValue, nameof(threshold));
        return Checked(augmentation).With(new Chance(probability, (_, _, ref random) => new Solarize(threshold)));
    }

    /// <summary>Mirrors the clip.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="probability">How often, 0 to 1. The default value is 0.5.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation HorizontalFlip(this ClipAugmentation augmentation, double probability = 0.5)
        => Checked(augmentation).With(new Chance(probability, (_, _, ref random) => new FlipHorizontally()));

    /// <summary>Blackens a rectangle, its corner anywhere in the clip; what lies outside is cut off.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="smallest">Smallest height and width in pixels, 1 or more.</param>
    /// <param name="largest">Largest height and width.</param>
    /// <param name="probability">How often, 0 to 1. The default value is 0.5.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation CutOut(this ClipAugmentation augmentation, int smallest, int largest, double probability = 0.5)
    {
        StepCheck.Range(smallest, largest, 1, int.MaxValue - 1, "lengths", nameof(smallest));
        return Checked(augmentation).With(new Chance(probability, (height, width, ref random) => new Erase(
            random.NextInt32(0, height), random.NextInt32(0, width), random.NextInt32(smallest, largest + 1), random.NextInt32(smallest, largest + 1))));
    }

    /// <summary>Blurs with a Gaussian.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="low">Smallest standard deviation in pixels, above 0.</param>
    /// <param name="high">Largest standard deviation, 100 at most.</param>
    /// <param name="probability">How often, 0 to 1. The default value is 1.</param>
    /// <param name="radius">Taps on either side; <see langword="null"/> for three standard deviations, rounded up.</param>
    /// <param name="border">What lies outside the picture. The default value is its nearest pixel.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation GaussianBlur(
        this ClipAugmentation augmentation, double low, double high, double probability = 1, int? radius = null, BlurBorder border = BlurBorder.Replicate)
    {
        StepCheck.Range(low, high, 0.001, 100, "standard deviations", nameof(low));
        StepCheck.Amount(radius ?? 0, 300, nameof(radius));
        return Checked(augmentation).With(new Chance(probability, (_, _, ref random) =>
        {
            double sigma = random.Uniform(low, high);
            return new Blur(sigma, radius ?? (int)Math.Ceiling(3 * sigma), border);
        }));
    }

    /// <summary>Turns the clip about its middle; corners that nothing is turned into are black.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="degrees">Largest angle either way, 0 to 180.</param>
    /// <param name="probability">How often, 0 to 1. The default value is 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation Rotate(this ClipAugmentation augmentation, double degrees, double probability = 1)
    {
        StepCheck.Amount(degrees, 180, nameof(degrees));
        return Checked(augmentation).With(new Chance(probability, (_, _, ref random) =>
        {
            var (sin, cos) = Math.SinCos(random.Uniform(-degrees, degrees) * Math.PI / 180);
            return new Warp(cos, sin, -sin, cos);
        }));
    }

    /// <summary>Shears the clip about its middle along both axes; what nothing is moved into is black.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="degrees">Largest angle either way of each axis, 0 to 60.</param>
    /// <param name="probability">How often, 0 to 1. The default value is 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of colour already.</exception>
    public static ClipAugmentation Shear(this ClipAugmentation augmentation, double degrees, double probability = 1)
    {
        StepCheck.Amount(degrees, 60, nameof(degrees));
        return Checked(augmentation).With(new Chance(probability, (_, _, ref random) => new Warp(
            1, Tangent(ref random), Tangent(ref random), 1)));

        double Tangent(ref CounterRandom random) => Math.Tan(random.Uniform(-degrees, degrees) * Math.PI / 180);
    }

    /// <summary>Takes several steps together, or none of them.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="probability">How often, 0 to 1.</param>
    /// <param name="steps">Adds the steps to the empty augmentation it is given. Crops, sizes, <c>Channels</c> and <c>RoundToBytes</c> hold for the whole augmentation and are refused here.</param>
    /// <returns>The augmentation with the steps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="steps"/> gives another augmentation than the one it is given.</exception>
    /// <exception cref="InvalidOperationException">There is an affine change of color already, and the steps work on 8-bit levels; or a verb that is no step is among them.</exception>
    public static ClipAugmentation Sometimes(this ClipAugmentation augmentation, double probability, Func<ClipAugmentation, ClipAugmentation> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        StepCheck.Probability(probability, nameof(probability));
        return steps(ClipAugmentation.Group) is { StepsOnly: true } group
            ? Checked(augmentation).With(new Group(probability, group.Steps))
            : throw new ArgumentException("Sometimes: expected the augmentation that the function is given, with steps added, got another one: write steps => steps.ColorJitter(...)", nameof(steps));
    }
}
