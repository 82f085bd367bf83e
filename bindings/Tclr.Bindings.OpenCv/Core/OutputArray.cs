using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>What a function writes: a matrix, by implicit conversion. One of the right size and type is written in place.</summary>
public readonly ref struct OutputArray
{
    private readonly Mat? target;

    private OutputArray(Mat? target) => this.target = target;

    /// <summary>The matrix's native object.</summary>
    /// <exception cref="OpenCvSharpException">There is no matrix.</exception>
    /// <exception cref="ObjectDisposedException">The matrix has been released.</exception>
    internal NativeHandle Handle => (target ?? throw new OpenCvSharpException("expected a Mat, got null")).Handle;

    /// <summary>Passes a matrix.</summary>
    /// <param name="mat">The matrix.</param>
    public static implicit operator OutputArray(Mat mat) => new(mat);
}
