namespace Tclr.Data;

/// <summary>
/// Something done to all frames of a clip, with its random numbers already drawn. Says what, not how:
/// the processor and the tensor executor give the same result.
/// </summary>
public abstract record ClipOperation
{
    private protected ClipOperation()
    {
    }
}

/// <summary>An operation on 8-bit levels; its result is rounded to 8 bits again, as in a picture file.</summary>
public abstract record PixelOperation : ClipOperation
{
    private protected PixelOperation()
    {
    }
}

/// <summary>An affine change of colour on real numbers, 1 being full; not clipped. Comes after all 8-bit operations.</summary>
public abstract record ColorOperation : ClipOperation
{
    private protected ColorOperation()
    {
    }
}
