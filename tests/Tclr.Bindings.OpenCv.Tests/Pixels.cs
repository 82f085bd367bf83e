using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tclr.Bindings.OpenCv.Tests;

/// <summary>Pixels in and out of a matrix, by the public API.</summary>
internal static class Pixels
{
    public static Mat Mat(int rows, int cols, MatType type, ReadOnlySpan<byte> values)
    {
        var mat = new Mat(rows, cols, type);
        Marshal.Copy(values.ToArray(), 0, mat.Data, values.Length);
        return mat;
    }

    public static byte[] Of(Mat mat)
    {
        Assert.That(mat.IsContinuous(), Is.True);
        byte[] values = new byte[mat.Rows * mat.Cols * mat.Channels()];
        if (values.Length > 0)
        {
            Marshal.Copy(mat.Data, values, 0, values.Length);
        }

        return values;
    }
}
