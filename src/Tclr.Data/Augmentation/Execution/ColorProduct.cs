using System.Numerics;

namespace Tclr.Data;

/// <summary>
/// Products of color matrices by fused multiplications. Those of <see cref="Matrix4x4"/> and <see cref="Vector3"/> are fused on some processors
/// only; so every processor gives the same bits.
/// </summary>
internal static class ColorProduct
{
    /// <summary>The change that makes two changes, one after the other.</summary>
    public static Matrix4x4 Then(this Matrix4x4 first, in Matrix4x4 second)
    {
        for (int row = 0; row < 4; row++)
        {
            first = first.WithRow(row, Product(first.GetRow(row), second));
        }

        return first;
    }

    /// <summary>The color after a change.</summary>
    public static Vector3 Of(Vector3 color, in Matrix4x4 change) => Product(new Vector4(color, 1), change).AsVector3();

    private static Vector4 Product(Vector4 row, in Matrix4x4 matrix)
    {
        var sum = matrix.GetRow(0) * row.X;
        sum = Vector4.FusedMultiplyAdd(matrix.GetRow(1), new Vector4(row.Y), sum);
        sum = Vector4.FusedMultiplyAdd(matrix.GetRow(2), new Vector4(row.Z), sum);
        return Vector4.FusedMultiplyAdd(matrix.GetRow(3), new Vector4(row.W), sum);
    }
}
