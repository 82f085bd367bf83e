using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <summary>Applies one affine change of colour to the planes of a clip, in place.</summary>
internal static class ColorPass
{
    public static void Apply(in Matrix4x4 m, Span<float> red, Span<float> green, Span<float> blue)
    {
        ref float r = ref MemoryMarshal.GetReference(red);
        ref float g = ref MemoryMarshal.GetReference(green);
        ref float b = ref MemoryMarshal.GetReference(blue);
        int i = 0;
        for (; i <= red.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            nuint at = (nuint)i;
            var x = Vector256.LoadUnsafe(ref r, at);
            var y = Vector256.LoadUnsafe(ref g, at);
            var z = Vector256.LoadUnsafe(ref b, at);
            ((x * m.M11) + (y * m.M21) + (z * m.M31) + Vector256.Create(m.M41)).StoreUnsafe(ref r, at);
            ((x * m.M12) + (y * m.M22) + (z * m.M32) + Vector256.Create(m.M42)).StoreUnsafe(ref g, at);
            ((x * m.M13) + (y * m.M23) + (z * m.M33) + Vector256.Create(m.M43)).StoreUnsafe(ref b, at);
        }

        for (; i < red.Length; i++)
        {
            float x = red[i], y = green[i], z = blue[i];
            red[i] = (x * m.M11) + (y * m.M21) + (z * m.M31) + m.M41;
            green[i] = (x * m.M12) + (y * m.M22) + (z * m.M32) + m.M42;
            blue[i] = (x * m.M13) + (y * m.M23) + (z * m.M33) + m.M43;
        }
    }
}
