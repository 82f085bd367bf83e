using System.Numerics;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Mixes the channels by the identity plus a random 3x3 matrix, or makes the clip gray instead; real numbers, not clipped.</summary>
    /// <param name="amount">Largest absolute value of an added element, 0 or more.</param>
    /// <param name="grayProbability">Probability of gray (luma of ITU-R BT.601), 0 to 1. The default value is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation ColorMatrix(double amount, double grayProbability = 0)
    {
        OptionChecker.ThrowIfInvalid(
            check =>
            {
                check.NotNegative(amount);
                check.Between(grayProbability, 0, 1);
            },
            nameof(amount));
        return WithColors((_, _, ref random) =>
        {
            bool gray = random.NextDouble() < grayProbability;
            var matrix = Matrix4x4.Identity;
            for (int row = 0; row < 3; row++)
            {
                for (int column = 0; column < 3; column++)
                {
                    matrix[row, column] += (float)random.Uniform(-amount, amount);
                }
            }

            return new MixChannels(gray ? MixChannels.Gray : matrix);
        });
    }
}

/// <summary>A fixed affine change of color.</summary>
internal sealed class MixChannels(Matrix4x4 matrix) : ColorChange
{
    /// <summary>Luma of ITU-R BT.601 in all channels.</summary>
    public static Matrix4x4 Gray { get; } = new(
        0.299f, 0.299f, 0.299f, 0,
        0.587f, 0.587f, 0.587f, 0,
        0.114f, 0.114f, 0.114f, 0,
        0, 0, 0, 1);

    internal override bool UsesMean => false;

    internal override bool IsAffineInMean => true;

    public override Matrix4x4 Matrix(Vector3 mean) => matrix;
}
