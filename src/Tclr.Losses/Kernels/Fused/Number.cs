using System.Runtime.CompilerServices;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>Conversion of single and double precision; the general one of .NET costs more than what is done with the numbers.</summary>
internal static class Number
{
    public static double Widen<T>(T value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);

    public static T Narrow<T>(double value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value);
}
