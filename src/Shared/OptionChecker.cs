using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tclr;

/// <summary>Validates options and reports all mistakes in one error.</summary>
internal sealed class OptionChecker
{
    private readonly List<(string Name, object? Value, string Expected)> mistakes = [];

    /// <summary>A message for each mistake: the option, what was expected, and its value.</summary>
    public IEnumerable<string> Problems => mistakes.Select(Describe);

    /// <summary>Throws if a set of options is outside its ranges.</summary>
    /// <param name="check">Checks each option.</param>
    /// <param name="parameter">The parameter that the options were given as.</param>
    /// <exception cref="ArgumentOutOfRangeException">One option is wrong; names it and its value.</exception>
    /// <exception cref="ArgumentException">More than one option is wrong; lists them all.</exception>
    public static void ThrowIfInvalid(Action<OptionChecker> check, string parameter)
    {
        var checker = new OptionChecker();
        check(checker);
        switch (checker.mistakes)
        {
            case []:
                return;
            case [var only]:
                throw new ArgumentOutOfRangeException(only.Name, only.Value, Describe(only));
            default:
                throw new ArgumentException(string.Join("; ", checker.Problems), parameter);
        }
    }

    /// <summary>Throws unless a value is finite and above 0.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not.</exception>
    public static double ThrowIfNotPositive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        ThrowIfInvalid(check => check.Positive(value, name), name);
        return value;
    }

    /// <summary>Requires a condition.</summary>
    /// <param name="holds">Whether the value is acceptable.</param>
    /// <param name="value">The value of the option.</param>
    /// <param name="expected">What is expected, in words: <c>a path</c>.</param>
    /// <param name="name">The name of the option.</param>
    public void Require(bool holds, object? value, string expected, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
        {
            mistakes.Add((name, value, expected));
        }
    }

    /// <summary>Adds a mistake that is not the value of an option, as a sentence.</summary>
    public void Add(string problem) => mistakes.Add((problem, null, string.Empty));

    /// <summary>Requires a value of at least <paramref name="minimum"/>; NaN is refused.</summary>
    public void AtLeast<T>(T value, T minimum, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T>
        => Require(value >= minimum, value, string.Create(CultureInfo.InvariantCulture, $"{minimum} or more"), name);

    /// <summary>Requires a value from <paramref name="minimum"/> to <paramref name="maximum"/>, both included; NaN is refused.</summary>
    public void Between<T>(T value, T minimum, T maximum, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T>
        => Require(value >= minimum && value <= maximum, value, string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}"), name);

    /// <summary>Requires a finite value above 0.</summary>
    public void Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => Require(double.IsFinite(value) && value > 0, value, "a finite number above 0", name);

    /// <summary>Requires a finite value of 0 or more.</summary>
    public void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => Require(double.IsFinite(value) && value >= 0, value, "a finite number of 0 or more", name);

    /// <summary>Requires a defined value of an enumeration.</summary>
    public void Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
        => Require(Enum.IsDefined(value), value, "one of " + string.Join(", ", Enum.GetNames<T>()), name);

    private static string Describe((string Name, object? Value, string Expected) mistake)
        => mistake.Expected.Length == 0
            ? mistake.Name
            : string.Create(CultureInfo.InvariantCulture, $"{mistake.Name}: expected {mistake.Expected}, got {mistake.Value ?? "nothing"}");
}
