using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>An object that lives in OpenCV. Disposing releases it; so does the finaliser, later.</summary>
public abstract class CvObject : IDisposable
{
    private readonly NativeHandle handle;

    private protected CvObject(NativeHandle handle) => this.handle = handle;

    /// <summary>Whether the object has been released.</summary>
    public bool IsDisposed => handle.IsClosed;

    /// <summary>The native object.</summary>
    /// <exception cref="ObjectDisposedException">It has been released.</exception>
    internal NativeHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(handle.IsClosed, this);
            return handle;
        }
    }

    /// <summary>Releases the native object.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the native object; the handle's own finaliser does it where Dispose was forgotten.</summary>
    /// <param name="disposing">Whether Dispose was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }
    }
}
