using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tclr.Testing;

/// <summary>Holds public members of an assembly against a listing of the official API, one signature a line.</summary>
internal static partial class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(bool)] = "bool",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
        [typeof(byte)] = "byte",
        [typeof(object)] = "object",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
    };

    /// <summary>The public and protected members that the listing lacks, but for those of types that it is known to leave out.</summary>
    public static IReadOnlyList<string> Unknown(Assembly assembly, string listingFile, params string[] leftOut)
    {
        var known = File.ReadLines(listingFile).Select(Normal).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. assembly.GetExportedTypes().Where(type => !type.IsEnum && !leftOut.Contains(type.Name, StringComparer.Ordinal))
                .SelectMany(type => type.GetMembers(Declared).Where(IsVisible).Select(member => (type, Signature: Signature(member))))
                .Where(member => !known.Contains(Normal(member.Signature)))
                .Select(member => $"{member.type.FullName}: {member.Signature}"),
        ];
    }

    // Whether a member is virtual does not matter to who calls it, and tuples' names stand in comments.
    private static string Normal(string line) => Noise().Replace(line.Trim(), string.Empty);

    [GeneratedRegex(@"\s*/\*.*?\*/|\b(override|virtual|abstract|readonly|new) | \{ (get; )?(set; )?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Noise();

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodInfo { Name: "Finalize" or "ToString" or "Equals" or "GetHashCode" } => false,
        MethodInfo method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        ConstructorInfo constructor => (constructor.IsPublic || constructor.IsFamily) && !constructor.IsStatic && constructor.GetParameters().Length > 0,
        PropertyInfo property => property.GetMethod is { IsPublic: true } or { IsFamily: true },
        FieldInfo field => field.IsPublic,
        _ => false,
    };

    private static string Signature(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Arguments(method)}({Parameters(method)})",
        ConstructorInfo constructor => $"{Modifiers(constructor)}ctor({Parameters(constructor)})",
        PropertyInfo property => $"{Modifiers(property.GetMethod!)}{Name(property.PropertyType)} {property.Name}",
        FieldInfo field => $"{(field.IsStatic ? "static " : string.Empty)}{Name(field.FieldType)} {field.Name}",
        _ => member.ToString()!,
    };

    private static string Modifiers(MethodBase method) => (method.IsFamily ? "protected " : string.Empty) + (method.IsStatic ? "static " : string.Empty);

    private static string Arguments(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(',', method.GetGenericArguments().Select(Name))}>" : string.Empty;

    private static string Parameters(MethodBase method)
    {
        bool extension = method.IsDefined(typeof(ExtensionAttribute), false);
        return string.Join(", ", method.GetParameters().Select((parameter, i) =>
            (extension && i == 0 ? "this " : string.Empty) + (parameter.IsOut ? "out " : string.Empty)
            + (parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : string.Empty)
            + $"{Name(parameter.ParameterType)} {parameter.Name}" + (parameter.HasDefaultValue ? " = " + Default(parameter) : string.Empty)));
    }

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null when parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
        null => "null",
        bool value => value ? "true" : "false",
        string value => $"\"{value}\"",
        Enum value => value.ToString(),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : string.Empty);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (typeof(ITuple).IsAssignableFrom(type) && type.IsValueType)
        {
            return $"({string.Join(", ", type.GetGenericArguments().Select(Name))})";
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        // A nested type repeats the arguments of the types around it; each is written where it is declared.
        var chain = new Stack<Type>();
        for (var part = type; part is not null; part = type.IsGenericParameter ? null : part.DeclaringType)
        {
            chain.Push(part);
        }

        var arguments = new Queue<Type>(type.GetGenericArguments());
        string name = string.Join('.', chain.Select(part => part.Name.Split('`') is [var plain, var count]
            ? $"{plain}<{string.Join(',', Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(_ => Name(arguments.Dequeue())))}>"
            : part.Name));
        return (string.Equals(type.Namespace, "TorchSharp.Modules", StringComparison.Ordinal) && !type.IsGenericParameter ? "Modules." : string.Empty) + name;
    }
}
