using System.Runtime.InteropServices;
using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>OpenCV's functions.</summary>
public static class Cv2
{
    /// <summary>Resizes an image.</summary>
    /// <param name="src">The image.</param>
    /// <param name="dst">Takes the result.</param>
    /// <param name="dsize">The new size; 0x0 to use the factors.</param>
    /// <param name="fx">Factor of the width.</param>
    /// <param name="fy">Factor of the height.</param>
    /// <param name="interpolation">How.</param>
    /// <exception cref="OpenCVException">The image is empty or the size is not positive.</exception>
    public static void Resize(InputArray src, OutputArray dst, Size dsize, double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear)
        => NativeMethods.Check(NativeMethods.Resize(src.Handle, dst.Handle, dsize.Width, dsize.Height, fx, fy, (int)interpolation));

    /// <summary>Converts colours.</summary>
    /// <param name="src">The image.</param>
    /// <param name="dst">Takes the result.</param>
    /// <param name="code">From which colours to which.</param>
    /// <param name="dstCn">Channels of the result; 0 for what the code says.</param>
    /// <exception cref="OpenCVException">The image does not have the channels that the code wants.</exception>
    public static void CvtColor(InputArray src, OutputArray dst, ColorConversionCodes code, int dstCn = 0)
        => NativeMethods.Check(NativeMethods.CvtColor(src.Handle, dst.Handle, (int)code, dstCn));

    /// <summary>Sets how many threads OpenCV's functions use, in the whole process.</summary>
    /// <param name="nThreads">The number; 0 for none but the caller's, negative for the default.</param>
    public static void SetNumThreads(int nThreads) => NativeMethods.Check(NativeMethods.SetNumThreads(nThreads));

    /// <summary>Says how many threads OpenCV's functions use.</summary>
    /// <returns>The number.</returns>
    public static int GetNumThreads()
    {
        NativeMethods.Check(NativeMethods.GetNumThreads(out int result));
        return result;
    }

    /// <summary>Encodes an image as a file's content.</summary>
    /// <param name="ext">The format by its extension, for instance <c>.png</c>.</param>
    /// <param name="img">The image.</param>
    /// <param name="buf">The content.</param>
    /// <param name="prms">Pairs of a parameter's number and its value.</param>
    /// <returns>Whether it worked.</returns>
    /// <exception cref="OpenCVException">The format is not known or cannot hold the image.</exception>
    public static bool ImEncode(string ext, InputArray img, out byte[] buf, int[]? prms = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(ext);
        NativeMethods.Check(NativeMethods.ImEncode(ext, img.Handle, prms, prms?.Length ?? 0, out nint bytes, out long length, out int result));
        try
        {
            buf = new byte[length];
            if (length > 0)
            {
                Marshal.Copy(bytes, buf, 0, buf.Length);
            }

            return result != 0;
        }
        finally
        {
            NativeMethods.Free(bytes);
        }
    }
}
