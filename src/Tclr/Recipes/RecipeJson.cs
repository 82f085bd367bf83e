using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tclr;

/// <summary>Writes and reads recipes with the JSON policy of Tclr; also reads the names of earlier versions.</summary>
internal static class RecipeJson
{
    private const string Kind = "kind";

    public static JsonSerializerOptions OptionsFor(RecipeRegistry registry)
    {
        // The converters of parts replace the polymorphism of the attributes.
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(info => info.PolymorphismOptions = RecipeRegistry.PartTypes.Contains(info.Type) ? null : info.PolymorphismOptions);
        var options = new JsonSerializerOptions(TclrJson.Strict) { TypeInfoResolver = resolver };
        options.Converters.Insert(0, new EnumConverters());
        foreach (var part in RecipeRegistry.PartTypes)
        {
            options.Converters.Insert(0, (JsonConverter)Activator.CreateInstance(typeof(PartConverter<>).MakeGenericType(part), registry)!);
        }

        return options;
    }

    /// <summary>Reads a recipe.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The file, for messages; <see langword="null"/> if there is none.</param>
    /// <param name="registry">The kinds of parts.</param>
    /// <exception cref="RecipeException">It is not a recipe.</exception>
    public static TclrRecipe Read(string json, string? file, RecipeRegistry registry)
    {
        string name = file is null ? "the text" : $"'{file}'";
        try
        {
            var node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Upgrade(node);
            return node.Deserialize<TclrRecipe>(registry.Json) ?? throw new JsonException("expected an object, got null");
        }
        catch (JsonException e)
        {
            throw new RecipeException($"{name} is not a valid recipe: {Describe(e)}", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new RecipeException($"{name} is not a valid recipe: {e.Message}", e);
        }
    }

    /// <summary>Removes case, underscores and hyphens from a name, to find the PascalCase names of earlier versions.</summary>
    public static string Plain(string name)
        => name.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);

    // Recipes of earlier versions have other names, and keep the number of local clips outside the sampler.
    private static void Upgrade(JsonNode? recipe)
    {
        if (recipe is JsonObject named && named.Remove("statistics", out var statistics))
        {
            named["batch_norm_scope"] = statistics;
        }

        if (recipe?["optimizer"] is JsonObject optimizer && optimizer.Remove("decay_norms_and_biases", out var decay))
        {
            optimizer["exclude_norm_and_bias"] = decay?.GetValueKind() == JsonValueKind.False;
        }

        if (recipe is JsonObject root && root["clips"] is JsonObject clips && clips.ContainsKey("timesteps"))
        {
            var timesteps = clips["timesteps"]?.DeepClone();
            clips.Remove("timesteps");
            if (clips["sampler"] is null or JsonValue)
            {
                string kind = clips["sampler"]?.GetValue<string>() ?? "tclr";
                var sampler = new JsonObject { [Kind] = kind };
                if (Plain(kind).StartsWith("tclr", StringComparison.OrdinalIgnoreCase))
                {
                    sampler["local_clips"] = timesteps;
                }

                clips["sampler"] = sampler;
            }
        }
    }

    // The place comes first, then the error; System.Text.Json puts the place last.
    private static string Describe(JsonException e)
    {
        string message = e.Message.Split(" Path: ", 2)[0];
        string place = e is PartException { Place: var inner } ? e.Path + inner : e.Path ?? string.Empty;
        return place.Length is 0 or 1 ? message : $"{place}: {message}";
    }

    // An error within a part: System.Text.Json gives the path to the part, this adds the rest.
    private sealed class PartException(string message, string place, Exception inner) : JsonException(message, inner)
    {
        public string Place => place;
    }

    private sealed class PartConverter<T>(RecipeRegistry registry) : JsonConverter<T>
        where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var part = JsonNode.Parse(ref reader) switch
            {
                JsonObject properties => properties,
                JsonValue value when value.GetValueKind() == JsonValueKind.String => new JsonObject { [Kind] = value.GetValue<string>() },
                _ => throw new JsonException($"expected an object with \"{Kind}\", or a kind"),
            };
            string kind = part[Kind] is JsonValue text && text.GetValueKind() == JsonValueKind.String
                ? text.GetValue<string>()
                : throw new JsonException($"expected \"{Kind}\", the name of a kind");
            var type = registry.TypeOf(typeof(T), kind);
            if (!HasKind(type, options))
            {
                part.Remove(Kind);
            }

            try
            {
                return (T?)part.Deserialize(type, options);
            }
            catch (JsonException e)
            {
                string path = e.Path is ['$', .. var rest] ? rest : string.Empty;
                throw new PartException(e.Message.Split(" Path: ", 2)[0], path + (e as PartException)?.Place, e);
            }
            catch (ArgumentException e)
            {
                throw new PartException(e.Message, string.Empty, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            var type = value.GetType();
            string kind = registry.NameOf(value);
            var properties = JsonSerializer.SerializeToNode(value, type, options)!.AsObject();
            writer.WriteStartObject();
            writer.WriteString(Kind, kind);
            foreach (var (name, property) in properties.Where(property => !string.Equals(property.Key, Kind, StringComparison.Ordinal)))
            {
                writer.WritePropertyName(name);
                if (property is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    property.WriteTo(writer, options);
                }
            }

            writer.WriteEndObject();
        }

        private static bool HasKind(Type type, JsonSerializerOptions options)
            => options.GetTypeInfo(type).Properties.Any(property => string.Equals(property.Name, Kind, StringComparison.Ordinal));
    }

    // Writes snake_case; reads PascalCase too, and names the values where one is not known.
    private sealed class EnumConverters : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
            => (JsonConverter)Activator.CreateInstance(typeof(EnumConverter<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class EnumConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : string.Empty;
            foreach (var value in Enum.GetValues<T>())
            {
                if (string.Equals(value.ToString(), Plain(text), StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            throw new JsonException($"expected one of {string.Join(", ", Enum.GetValues<T>().Select(Name))}, got '{text}'");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Name(value));

        private static string Name(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
    }
}
