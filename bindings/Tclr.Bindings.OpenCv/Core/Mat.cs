using OpenCvSharp.Interop;

namespace OpenCvSharp;

/// <summary>A matrix of pixels.</summary>
public sealed unsafe class Mat : CvObject
{
    /// <summary>Creates an empty matrix, for a function to fill.</summary>
    public Mat()
        : this(New())
    {
    }

    /// <summary>Creates a matrix whose elements are not initialised.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="cols">Number of columns.</param>
    /// <param name="type">Type of an element.</param>
    /// <exception cref="OpenCVException">A number is negative or the memory does not suffice.</exception>
    public Mat(int rows, int cols, MatType type)
        : this(New(rows, cols, type))
    {
    }

    private Mat(nint pointer)
        : base(new NativeHandle(pointer, &NativeMethods.MatDelete))
    {
    }

    /// <summary>Number of rows; -1 if there are more than two dimensions.</summary>
    public int Rows => Info.Rows;

    /// <summary>Number of columns; -1 if there are more than two dimensions.</summary>
    public int Cols => Info.Cols;

    /// <summary>Address of the first element; 0 for an empty matrix. Valid while the matrix lives and keeps its size.</summary>
    public IntPtr Data => Info.Data;

    private NativeMethods.MatInfo Info
    {
        get
        {
            NativeMethods.Check(NativeMethods.MatGetInfo(Handle, out var info));
            return info;
        }
    }

    /// <summary>Creates a matrix that shows memory of the caller, who keeps it alive and in its place.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="cols">Number of columns.</param>
    /// <param name="type">Type of an element.</param>
    /// <param name="data">Address of the first element.</param>
    /// <param name="step">Bytes from a row to the next; 0 where rows follow each other directly.</param>
    /// <returns>The matrix; disposing it leaves the memory alone.</returns>
    /// <exception cref="OpenCVException">A number is negative or the step is shorter than a row.</exception>
    public static Mat FromPixelData(int rows, int cols, MatType type, IntPtr data, long step = 0)
    {
        NativeMethods.Check(NativeMethods.MatNewFromData(rows, cols, type.Value, data, step, out nint result));
        return new Mat(result);
    }

    /// <summary>Number of channels of an element.</summary>
    /// <returns>1 or more.</returns>
    public int Channels() => new MatType(Info.Type).Channels;

    /// <summary>Type of an element.</summary>
    /// <returns>For instance <see cref="MatType.CV_8UC3"/>.</returns>
    public MatType Type() => new(Info.Type);

    /// <summary>Bytes from a row to the next.</summary>
    /// <returns>0 for an empty matrix.</returns>
    public long Step() => Info.Step;

    /// <summary>Whether there are no elements.</summary>
    /// <returns><see langword="true"/> if so.</returns>
    public bool Empty() => Info.Empty != 0;

    /// <summary>Whether rows follow each other without a gap.</summary>
    /// <returns><see langword="true"/> if so.</returns>
    public bool IsContinuous() => Info.Continuous != 0;

    private static nint New()
    {
        NativeMethods.Check(NativeMethods.MatNew(out nint result));
        return result;
    }

    private static nint New(int rows, int cols, MatType type)
    {
        NativeMethods.Check(NativeMethods.MatNewSized(rows, cols, type.Value, out nint result));
        return result;
    }
}
