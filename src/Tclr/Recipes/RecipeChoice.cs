namespace Tclr;

/// <summary>Errors of choices in recipes.</summary>
internal static class RecipeChoice
{
    public static ArgumentException Unknown<T>(T value)
        where T : struct, Enum
        => new($"{typeof(T).Name}: expected one of {string.Join(", ", Enum.GetNames<T>())}, got {value}", typeof(T).Name);
}
