using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>What a function reads: a matrix, by implicit conversion.</summary>
public readonly ref struct InputArray
{
    private readonly Mat? source;

    private InputArray(Mat? source) => this.source = source;

    /// <summary>The matrix's native object.</summary>
    /// <exception cref="OpenCvSharpException">There is no matrix.</exception>
    /// <exception cref="ObjectDisposedException">The matrix has been released.</exception>
    internal NativeHandle Handle => (source ?? throw new OpenCvSharpException("expected a Mat, got null")).Handle;

    /// <summary>Passes a matrix.</summary>
    /// <param name="mat">The matrix.</param>
    public static implicit operator InputArray(Mat mat) => new(mat);
}
