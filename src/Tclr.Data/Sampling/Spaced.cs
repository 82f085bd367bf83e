namespace Tclr.Data;

/// <summary>Equally spaced places as NumPy computes them, so that rounding down gives the same frames.</summary>
internal static class Spaced
{
    /// <summary>Gives place <paramref name="index"/> of <paramref name="count"/> from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static double At(int index, int count, double first, double last)
        => count == 1 ? first : index == count - 1 ? last : (index * ((last - first) / (count - 1))) + first;
}
