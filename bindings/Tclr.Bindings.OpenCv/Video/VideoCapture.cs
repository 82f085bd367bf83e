using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>Reads a video frame by frame. One thread at a time.</summary>
public sealed unsafe class VideoCapture : CvObject
{
    /// <summary>Opens a video; <see cref="IsOpened"/> says whether that worked.</summary>
    /// <param name="fileName">Path of the file.</param>
    /// <param name="apiPreference">The backend to use.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference = VideoCaptureAPIs.ANY)
        : base(new NativeHandle(New(fileName, apiPreference), &NativeMethods.CaptureDelete))
    {
    }

    /// <summary>Opens a video with parameters that can only be set here; <see cref="IsOpened"/> says whether that worked.</summary>
    /// <param name="fileName">Path of the file.</param>
    /// <param name="apiPreference">The backend to use.</param>
    /// <param name="prms">Pairs of a property's number and its value.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public VideoCapture(string fileName, VideoCaptureAPIs apiPreference, int[] prms)
        : base(new NativeHandle(New(fileName, apiPreference, prms), &NativeMethods.CaptureDelete))
    {
    }

    /// <summary>Whether a video is open.</summary>
    /// <returns><see langword="true"/> if so.</returns>
    public bool IsOpened()
    {
        NativeMethods.Check(NativeMethods.CaptureIsOpened(Handle, out int result));
        return result != 0;
    }

    /// <summary>Asks for a property.</summary>
    /// <param name="propertyId">Which one.</param>
    /// <returns>The value; 0 where the backend does not know it.</returns>
    public double Get(VideoCaptureProperties propertyId)
    {
        NativeMethods.Check(NativeMethods.CaptureGet(Handle, (int)propertyId, out double result));
        return result;
    }

    /// <summary>Sets a property.</summary>
    /// <param name="propertyId">Which one.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether the backend took it.</returns>
    public bool Set(VideoCaptureProperties propertyId, double value)
    {
        NativeMethods.Check(NativeMethods.CaptureSet(Handle, (int)propertyId, value, out int result));
        return result != 0;
    }

    /// <summary>Decodes the next frame without converting it.</summary>
    /// <returns><see langword="false"/> at the end, or where the file cannot be decoded any further.</returns>
    public bool Grab()
    {
        NativeMethods.Check(NativeMethods.CaptureGrab(Handle, out int result));
        return result != 0;
    }

    /// <summary>Converts the frame that was grabbed last.</summary>
    /// <param name="image">Takes the frame, 8-bit BGR.</param>
    /// <param name="flag">0 for a file.</param>
    /// <returns>Whether there was a frame.</returns>
    public bool Retrieve(Mat image, int flag = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        NativeMethods.Check(NativeMethods.CaptureRetrieve(Handle, image.Handle, flag, out int result));
        return result != 0;
    }

    /// <summary>Decodes and converts the next frame.</summary>
    /// <param name="image">Takes the frame, 8-bit BGR; empty at the end.</param>
    /// <returns><see langword="false"/> at the end, or where the file cannot be decoded any further.</returns>
    public bool Read(Mat image)
    {
        ArgumentNullException.ThrowIfNull(image);
        NativeMethods.Check(NativeMethods.CaptureRead(Handle, image.Handle, out int result));
        return result != 0;
    }

    /// <summary>Closes the video.</summary>
    public void Release() => NativeMethods.Check(NativeMethods.CaptureRelease(Handle));

    private static nint New(string fileName, VideoCaptureAPIs apiPreference)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        NativeMethods.Check(NativeMethods.CaptureNew(fileName, (int)apiPreference, out nint result));
        return result;
    }

    private static nint New(string fileName, VideoCaptureAPIs apiPreference, int[] prms)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(prms);
        NativeMethods.Check(NativeMethods.CaptureNewWith(fileName, (int)apiPreference, prms, prms.Length, out nint result));
        return result;
    }
}
