using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>Writes a video frame by frame. One thread at a time.</summary>
public sealed unsafe class VideoWriter : CvObject
{
    /// <summary>Creates a video; <see cref="IsOpened"/> says whether that worked.</summary>
    /// <param name="fileName">Path of the file; its extension says the container.</param>
    /// <param name="fourcc">The codec.</param>
    /// <param name="fps">Frames per second.</param>
    /// <param name="frameSize">Size of a frame.</param>
    /// <param name="isColor">Whether frames are BGR, not gray.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public VideoWriter(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor = true)
        : base(new NativeHandle(New(fileName, fourcc, fps, frameSize, isColor), &NativeMethods.WriterDelete))
    {
    }

    /// <summary>Gives the number of a codec.</summary>
    /// <param name="code">Its four characters.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">There are not four characters.</exception>
    public static int FourCC(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.Length != 4)
        {
            throw new ArgumentException($"expected a codec's four characters, for instance MJPG, got '{code}'", nameof(code));
        }

        return (byte)code[0] | ((byte)code[1] << 8) | ((byte)code[2] << 16) | ((byte)code[3] << 24);
    }

    /// <summary>Whether the video can be written.</summary>
    /// <returns><see langword="false"/> where the codec or the container is not there or the path cannot be written.</returns>
    public bool IsOpened()
    {
        NativeMethods.Check(NativeMethods.WriterIsOpened(Handle, out int result));
        return result != 0;
    }

    /// <summary>Adds a frame. One of another size than the video's is dropped without an error, as OpenCV has it.</summary>
    /// <param name="image">The frame, 8-bit BGR.</param>
    public void Write(InputArray image) => NativeMethods.Check(NativeMethods.WriterWrite(Handle, image.Handle));

    /// <summary>Completes and closes the file.</summary>
    public void Release() => NativeMethods.Check(NativeMethods.WriterRelease(Handle));

    private static nint New(string fileName, FourCC fourcc, double fps, Size frameSize, bool isColor)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        NativeMethods.Check(NativeMethods.WriterNew(
            fileName, (int)VideoCaptureAPIs.ANY, fourcc, fps, frameSize.Width, frameSize.Height, isColor ? 1 : 0, out nint result));
        return result;
    }
}
