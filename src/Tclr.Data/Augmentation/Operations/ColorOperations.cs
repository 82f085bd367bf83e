using System.Numerics;

namespace Tclr.Data;

/// <summary>Mixes the channels: <c>(R, G, B, 1)</c> times the matrix.</summary>
/// <param name="Matrix">Rows are what R, G and B add, the fourth is a constant.</param>
public sealed record MixChannels(Matrix4x4 Matrix) : ColorOperation;

/// <summary>Multiplies the distance from the clip's mean, taken over all channels, frames and pixels as the operations before leave it.</summary>
/// <param name="Factor">The factor, 0 or more.</param>
public sealed record SpreadAroundMean(float Factor) : ColorOperation;

/// <summary>Operations on colour as matrices.</summary>
internal static class ColorOperations
{
    /// <summary>Folds operations into one change.</summary>
    /// <param name="operations">The operations; those on pixels are passed over.</param>
    /// <param name="scale">What the values are to be multiplied by first.</param>
    /// <param name="mean">Mean of each channel of the clip before the first one, 1 being full.</param>
    public static Matrix4x4 Fold(IEnumerable<ClipOperation> operations, float scale, Vector3 mean)
    {
        var total = Matrix4x4.CreateScale(scale);
        foreach (var operation in operations.OfType<ColorOperation>())
        {
            var change = operation is MixChannels mix ? mix.Matrix : Spread(((SpreadAroundMean)operation).Factor, mean);
            mean = Vector3.Transform(mean, change);
            total *= change;
        }

        return total;
    }

    private static Matrix4x4 Spread(float factor, Vector3 mean)
    {
        float middle = (mean.X + mean.Y + mean.Z) / 3;
        return Matrix4x4.CreateScale(factor) * Matrix4x4.CreateTranslation(new Vector3(middle * (1 - factor)));
    }
}
