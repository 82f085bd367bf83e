using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tclr.Core;
using Tclr.Models;

namespace Tclr;

/// <summary>The kinds of encoders, heads, losses, samplers, augmentations, optimizers and schedules that recipes can name.</summary>
/// <remarks>
/// A registry starts with all kinds of Tclr; <see cref="Add{T}"/> adds your own. In JSON a part is an object with its
/// <c>kind</c> and its properties, such as <c>{"kind": "warmup_cosine", "warmup_steps": 10, "final_factor": 0.05}</c>, or the
/// kind alone, such as <c>"constant"</c>. Case and underscores of a kind do not matter. Safe for use by several threads.
/// </remarks>
/// <example><code>
/// public sealed record HalvingSchedule(int Epochs) : ILearningRateSchedule
/// {
///     public double Factor(SchedulePosition position) => Math.Pow(0.5, position.Epoch / Epochs);
/// }
///
/// RecipeRegistry.Default.Add&lt;HalvingSchedule&gt;("halving");
/// var recipe = TclrRecipe.FromJson("""{"name": "mine", "schedule": {"kind": "halving", "epochs": 20}}""");
/// </code></example>
public sealed class RecipeRegistry
{
    private static readonly (Type Base, string Name)[] Parts =
    [
        (typeof(EncoderRecipe), "encoder"),
        (typeof(HeadRecipe), "head"),
        (typeof(LossRecipe), "loss"),
        (typeof(SamplerRecipe), "sampler"),
        (typeof(AugmentationRecipe), "augmentation"),
        (typeof(OptimizerOptions), "optimizer"),
        (typeof(ILearningRateSchedule), "schedule"),
    ];

    private readonly Lock gate = new();
    private readonly List<(Type Base, string Kind, Type Type)> entries;

    /// <summary>Creates a registry with all kinds of Tclr.</summary>
    public RecipeRegistry()
    {
        var declared = from part in Parts
                       from attribute in part.Base.GetCustomAttributes<JsonDerivedTypeAttribute>()
                       select (part.Base, (string)attribute.TypeDiscriminator!, attribute.DerivedType);
        entries = [.. declared, .. VideoEncoders.All.Keys.Select(kind => (typeof(EncoderRecipe), kind, typeof(VideoEncoderRecipe)))];
        Json = RecipeJson.OptionsFor(this);
    }

    /// <summary>The registry that recipes use where no other is given.</summary>
    public static RecipeRegistry Default { get; } = new();

    internal static IEnumerable<Type> PartTypes => Parts.Select(part => part.Base);

    internal JsonSerializerOptions Json { get; }

    /// <summary>Adds a kind of your own.</summary>
    /// <typeparam name="T">
    /// A class derived from <see cref="EncoderRecipe"/>, <see cref="HeadRecipe"/>, <see cref="LossRecipe"/>, <see cref="SamplerRecipe"/>,
    /// <see cref="AugmentationRecipe"/>, <see cref="OptimizerOptions"/> or <see cref="ILearningRateSchedule"/>, which System.Text.Json can
    /// write and read: a record, for instance.
    /// </typeparam>
    /// <param name="kind">Its name in JSON, in snake_case by convention.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The type is not a part of a recipe, or the kind or the type is registered already.</exception>
    public RecipeRegistry Add<T>(string kind)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        var part = Parts.FirstOrDefault(entry => entry.Base.IsAssignableFrom(typeof(T)) && entry.Base != typeof(T)).Base
            ?? throw new ArgumentException($"expected a class derived from {string.Join(", ", PartTypes.Select(type => type.Name))}, got {typeof(T).Name}", nameof(kind));
        lock (gate)
        {
            if (entries.Contains((part, kind, typeof(T))))
            {
                return this;
            }

            if (entries.Any(entry => entry.Base == part && (IsSame(entry.Kind, kind) || entry.Type == typeof(T))))
            {
                throw new ArgumentException($"'{kind}' or {typeof(T).Name} is registered already: {string.Join(", ", KindsOf(part))}", nameof(kind));
            }

            entries.Add((part, kind, typeof(T)));
        }

        return this;
    }

    /// <summary>The kind of a part, as it stands in JSON: <c>r3d18</c> of an encoder.</summary>
    /// <param name="part">The part: an encoder, head, loss, sampler, augmentation, optimizer or schedule of a recipe.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="RecipeException">The type of the part is not registered.</exception>
    public string NameOf(object part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part is VideoEncoderRecipe encoder)
        {
            return encoder.Kind;
        }

        lock (gate)
        {
            return entries.FirstOrDefault(entry => entry.Type == part.GetType()).Kind
                ?? throw new RecipeException($"{part.GetType().Name} is not registered: call {nameof(RecipeRegistry)}.{nameof(Default)}.{nameof(Add)}<{part.GetType().Name}>(\"a name\") first");
        }
    }

    internal Type TypeOf(Type part, string kind)
    {
        lock (gate)
        {
            return entries.FirstOrDefault(entry => entry.Base == part && IsSame(entry.Kind, kind)).Type
                ?? throw new JsonException($"no {Parts.First(entry => entry.Base == part).Name} '{kind}': expected one of {string.Join(", ", KindsOf(part))}, or a kind of your own after {nameof(RecipeRegistry)}.{nameof(Default)}.{nameof(Add)}<T>(\"{kind}\")");
        }
    }

    private static bool IsSame(string first, string second) => string.Equals(RecipeJson.Plain(first), RecipeJson.Plain(second), StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> KindsOf(Type part) => entries.Where(entry => entry.Base == part).Select(entry => entry.Kind);
}
