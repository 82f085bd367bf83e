using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Mixes the channels by a random matrix near the identity, or makes the clip gray.</summary>
internal sealed class ColorMatrix : IColorTransform
{
    // Luma of ITU-R BT.601, the usual meaning of gray.
    private static readonly Vector3 Luma = new(0.299f, 0.587f, 0.114f);
    private readonly double amount;
    private readonly double grayProbability;

    public ColorMatrix(double amount, double grayProbability)
    {
        if (!(amount >= 0 && double.IsFinite(amount)))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "expected a largest deviation from the identity, 0 or more");
        }

        if (grayProbability is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(grayProbability), grayProbability, "expected a probability, from 0 to 1");
        }

        this.amount = amount;
        this.grayProbability = grayProbability;
    }

    public Matrix4x4 Draw(Vector3 mean, ref CounterRandom random)
    {
        // Always as many draws, so that what follows in the stream does not depend on this one.
        bool gray = random.NextDouble() < grayProbability;
        var matrix = Matrix4x4.Identity;
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                matrix[row, column] += (float)random.Uniform(-amount, amount);
            }
        }

        return gray
            ? new Matrix4x4(
                Luma.X, Luma.X, Luma.X, 0,
                Luma.Y, Luma.Y, Luma.Y, 0,
                Luma.Z, Luma.Z, Luma.Z, 0,
                0, 0, 0, 1)
            : matrix;
    }
}
