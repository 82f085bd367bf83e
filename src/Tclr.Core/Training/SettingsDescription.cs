using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Describes an object by its type and its settings, as names with values, so that two runs can be compared.</summary>
/// <remarks>
/// Settings are what cannot change after construction (readonly fields, captured constructor parameters, values that a lambda captured)
/// and what is publicly settable. Collections that can grow, streams, loggers and the like are state and left out.
/// </remarks>
internal sealed class SettingsDescription
{
    /// <summary>The value of a setting that is not set.</summary>
    public const string None = "none";

    private const int MaxDepth = 8;
    private const int MaxListLength = 200;

    // Settings of a torch layer, besides the shapes of its weights.
    private static readonly string[] LayerProperties = ["kernel_size", "stride", "padding", "dilation", "groups", "eps", "momentum", "p"];

    private readonly OrderedDictionary<string, string> settings = new(StringComparer.Ordinal);
    private readonly HashSet<object> path = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <summary>Adds an object, or a value, under a name.</summary>
    public void Add(string name, object? value)
    {
        switch (value)
        {
            case null:
                settings[name] = None;
                break;
            case var simple when Simple(simple) is { } text:
                settings[name] = text;
                break;
            case Tensor tensor:
                settings[name] = $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
                break;
            case Delegate function:
                AddFunction(name, function);
                break;
            case ICollection values:
                AddList(name, [.. values.Cast<object?>()]);
                break;
            case nn.Module module when path.Count > 0:
                AddNetwork(name, module);
                break;
            case var other when IsDescribed(other.GetType()):
                AddObject(name, value);
                break;
        }
    }

    /// <summary>Adds a short description of a network: its layers and the shapes of its weights.</summary>
    public void AddNetwork(string name, nn.Module network)
    {
        var lines = new StringBuilder();
        foreach (var (layer, module) in network.named_modules())
        {
            var type = module.GetType();
            lines.Append(layer).Append(' ').Append(TypeName(type));
            foreach (string property in LayerProperties)
            {
                if (type.GetProperty(property) is { } found)
                {
                    object? value = found.GetValue(module);
                    lines.Append(' ').Append(property).Append('=').Append(value is IEnumerable list and not string ? string.Join(',', list.Cast<object?>().Select(Simple)) : Simple(value));
                }
            }

            lines.Append('\n');
        }

        long numbers = 0;
        foreach (var (parameter, tensor) in network.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(network.named_buffers().Select(entry => (entry.name, entry.buffer))))
        {
            lines.Append(parameter).Append(" [").AppendJoin(',', tensor.shape).Append("]\n");
            numbers += tensor.numel();
        }

        settings[name] = string.Create(CultureInfo.InvariantCulture, $"{numbers} numbers, layers {Hash(lines.ToString())}");
    }

    /// <summary>A short hash for people to compare.</summary>
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));

    private static string? Simple(object? value) => value switch
    {
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!),
        bool => value.ToString(),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number when value.GetType().IsPrimitive || value is decimal or DateTime or DateTimeOffset or Guid => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string TypeName(Type type)
        => type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>" : type.Name;

    // System types are not settings, except those that group values.
    private static bool IsDescribed(Type type)
        => typeof(ITuple).IsAssignableFrom(type)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            || (type.Namespace?.Split('.')[0] is not ("System" or "Microsoft") && type.Assembly != typeof(nn.Module).Assembly);

    // Collections that can grow are state; settings are declared read-only.
    private static bool Grows(Type declared)
        => declared is { IsClass: true, Namespace: { } space } && space.StartsWith("System.Collections", StringComparison.Ordinal)
            && space is not ("System.Collections.Immutable" or "System.Collections.Frozen" or "System.Collections.ObjectModel");

    // The numbers that a compiler gives to lambdas change with the code around them.
    private static string MethodName(MethodInfo method)
        => method.Name is ['<', ..] generated ? generated[1..generated.IndexOf('>', StringComparison.Ordinal)] : method.Name;

    private static bool IsClosure(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static Type OutermostOf(Type type) => type.DeclaringType is { } outer && IsClosure(type) ? OutermostOf(outer) : type;

    private static IEnumerable<(string Name, FieldInfo Field)> SettingsOf(Type type)
    {
        bool all = IsClosure(type);
        for (var level = type; level is not null && IsDescribed(level); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                string name = field.Name;
                bool captured = name is ['<', .., '>', 'P'];
                int end = name.IndexOf('>', StringComparison.Ordinal);
                string plain = name is ['<', ..] && end > 1 ? name[1..end] : name;
                bool settable = level.GetProperty(plain)?.SetMethod is { IsPublic: true };
                if (!name.StartsWith("<>", StringComparison.Ordinal) && (all || field.IsInitOnly || field.IsPublic || captured || settable) && !Grows(field.FieldType))
                {
                    yield return (plain, field);
                }
            }
        }
    }

    private void AddFunction(string name, Delegate function)
    {
        settings[name] = $"{TypeName(OutermostOf(function.Method.DeclaringType ?? typeof(Delegate)))}.{MethodName(function.Method)}";
        if (function.Target is { } target && Enter(target))
        {
            AddMembers(name, target);
            path.Remove(target);
        }
    }

    private void AddList(string name, object?[] values)
    {
        if (values.All(value => Simple(value) is not null))
        {
            string text = string.Join(", ", values.Select(Simple));
            settings[name] = text.Length <= MaxListLength ? $"[{text}]" : string.Create(CultureInfo.InvariantCulture, $"{values.Length} values {Hash(text)}");
            return;
        }

        // Layers are part of the network that holds them.
        foreach (var (i, value) in values.Index().Where(entry => entry.Item is not nn.Module).Take(MaxListLength))
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]"), value);
        }
    }

    private void AddObject(string name, object value)
    {
        if (!Enter(value))
        {
            return;
        }

        if (value is not ITuple)
        {
            settings[name] = TypeName(value.GetType());
        }

        if (value is nn.Module module)
        {
            AddNetwork(name + ".Network", module);
        }

        AddMembers(name, value);
        path.Remove(value);
    }

    private void AddMembers(string name, object owner)
    {
        foreach (var (member, field) in SettingsOf(owner.GetType()))
        {
            // Layers are part of the network that holds them.
            object? value = field.GetValue(owner);
            if (!(owner is nn.Module && value is nn.Module) && !field.FieldType.IsPointer)
            {
                Add($"{name}.{member}", value);
            }
        }
    }

    private bool Enter(object value) => path.Count < MaxDepth && path.Add(value);
}
