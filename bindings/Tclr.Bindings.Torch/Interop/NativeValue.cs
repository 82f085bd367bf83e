using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Kinds of a value at the native border; the twin of <c>tclr::Kind</c>.</summary>
internal enum ValueKind
{
    None = 0,
    SchemaDefault = 1,
    Tensor = 2,
    Integer = 3,
    Real = 4,
    Boolean = 5,
    Device = 7,
    Integers = 8,
    Reals = 9,
    Tensors = 11,
    OptionalTensors = 12,
}

/// <summary>A value at the native border; the twin of <c>tclr::Value</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueKind Kind;
    public int Length;
    public long Bits;
}

/// <summary>What a tensor is; the twin of <c>Info</c> in tensors.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorInfo
{
    public long* Sizes;
    public long* Strides;
    public byte* Data;
    public long Elements;
    public long ElementSize;
    public long StorageOffset;
    public int Dimensions;
    public int Type;
    public int DeviceType;
    public int DeviceIndex;
    public int Contiguous;
    public int RequiresGrad;
    public int Leaf;
    private readonly int unused;
}
