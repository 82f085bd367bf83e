using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Tclr.Cli;

/// <summary>
/// Declares the options of a verb and reads them, with one line for both: an options class takes its values from here in its
/// constructor, which runs once to declare them and once to read what the user gave.
/// </summary>
internal sealed class Arguments(Command command, ParseResult? parsed)
{
    /// <summary>Makes a verb of options and what runs with them.</summary>
    public static Command Verb<T>(string name, string description, Func<Arguments, T> options, Func<T, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        options(new Arguments(command, null));
        command.SetAction((parsed, cancellationToken) => Terminal.GuardAsync(() => run(options(new Arguments(command, parsed)), cancellationToken)));
        return command;
    }

    /// <summary>An option that has to be given.</summary>
    public string Required(string name, string description, params string[] aliases)
        => Value(new Option<string>(name, aliases) { Description = description, Required = true }) ?? string.Empty;

    public string? Text(string name, string description) => Value(new Option<string?>(name) { Description = description });

    public string Text(string name, string description, string fallback) => Value(new Option<string>(name) { Description = description, DefaultValueFactory = _ => fallback }) ?? fallback;

    public bool Flag(string name, string description) => Value(new Option<bool>(name) { Description = description });

    /// <summary>A flag that can be set to <c>false</c> too; <see langword="null"/> if it is not given.</summary>
    public bool? Toggle(string name, string description) => Value(new Option<bool?>(name) { Description = description });

    /// <summary>A finite number above 0; <see langword="null"/> if it is not given.</summary>
    public double? Positive(string name, string description) => Value(new Option<double?>(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value))
            {
                return value;
            }

            result.AddError($"{name}: expected a number above 0, got {text}");
            return null;
        },
    });

    /// <summary>A text that help does not list.</summary>
    public string? Hidden(string name) => Value(new Option<string?>(name) { Hidden = true });

    /// <summary>A value without a name.</summary>
    public string? Positional(string name, string description)
    {
        if (parsed is not null)
        {
            return parsed.GetValue<string?>(name);
        }

        command.Add(new Argument<string?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne });
        return null;
    }

    /// <summary>Values without a name, two or more.</summary>
    public IReadOnlyList<string> Positionals(string name, string description)
    {
        if (parsed is not null)
        {
            return parsed.GetValue<string[]>(name) ?? [];
        }

        command.Add(new Argument<string[]>(name) { Description = description, Arity = new ArgumentArity(2, 1000) });
        return [];
    }

    /// <summary>A choice by name.</summary>
    public string? Choice(string name, string description, IEnumerable<string> among) => Value(new Option<string?>(name) { Description = description }.AcceptOnlyFromAmong([.. among]));

    /// <summary>A whole number of at least <paramref name="minimum"/>; <see langword="null"/> if it is not given.</summary>
    public T? Whole<T>(string name, string description, T minimum)
        where T : struct, IBinaryInteger<T>
        => Value(new Option<T?>(name) { Description = description, CustomParser = result => Parse(result, name, minimum) });

    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    public T Whole<T>(string name, string description, T minimum, T fallback)
        where T : struct, IBinaryInteger<T>
        => Value(new Option<T?>(name) { Description = description, CustomParser = result => Parse(result, name, minimum), DefaultValueFactory = _ => fallback }) ?? fallback;

    /// <summary>Values with commas between; <paramref name="read"/> gives none for a text that is no value.</summary>
    public IReadOnlyList<T> List<T>(string name, string description, IEnumerable<string> fallback, Func<string, T[]> read, string expected)
    {
        string text = Text(name, description, string.Join(',', fallback));
        T[] values = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => read(part) is [var value] ? value : throw Unexpected($"'{part}'")).Distinct()];
        return values.Length > 0 ? values : throw Unexpected("none");

        UsageException Unexpected(string got) => new($"{name}: expected {expected} with commas between, got {got}");
    }

    private static T? Parse<T>(System.CommandLine.Parsing.ArgumentResult result, string name, T minimum)
        where T : struct, IBinaryInteger<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum)
        {
            return value;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: expected {minimum} or more, got {text}"));
        return null;
    }

    private T? Value<T>(Option<T> option)
    {
        if (parsed is not null)
        {
            return parsed.GetValue<T>(option.Name);
        }

        command.Add(option);
        return default;
    }
}
