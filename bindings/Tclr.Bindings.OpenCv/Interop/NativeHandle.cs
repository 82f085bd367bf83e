using System.Runtime.InteropServices;

namespace OpenCvSharp.Interop;

/// <summary>A native object, released exactly once: by Dispose, or else on the finaliser thread.</summary>
internal sealed unsafe class NativeHandle : SafeHandle
{
    private readonly delegate*<nint, int> release;

    public NativeHandle(nint pointer, delegate*<nint, int> release)
        : base(0, ownsHandle: true)
    {
        this.release = release;
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => release(handle) == 0;
}
