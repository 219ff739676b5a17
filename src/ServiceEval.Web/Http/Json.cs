using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Http;

/// <summary>
/// The JSON format of the product: camel case, enums by name and never by number, Chinese characters unescaped.
/// </summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        // If a body contains two grades, nobody can know which one the citizen meant.
        options.AllowDuplicateProperties = false;
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // The framework's enum converter accepts any case, spaces and lists: "satisfied, verySatisfied" would be the
        // grade 1|2.
        options.Converters.Add(new GradeConverter());
        options.Converters.Add(new ChannelConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.TypeInfoResolverChain.Add(new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver());
        return options;
    }
}

/// <summary>Converts an enum by its exact name in camel case and accepts nothing else.</summary>
internal abstract class ExactNameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names = Enum.GetValues<TEnum>()
        .ToFrozenDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, TEnum> Values = Names.ToFrozenDictionary(p => p.Value, p => p.Key);

    /// <exception cref="JsonException">The value is a number, or no member has this name.</exception>
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Names[value]);
}

internal static class ExactNames
{
    /// <summary>
    /// Adds the names to the OpenAPI schema, because the generator cannot see into a custom converter.
    /// </summary>
    public static void Describe(OpenApiSchema schema, Type type)
    {
        var (actual, nullable) = Nullable.GetUnderlyingType(type) is { } inner ? (inner, true) : (type, false);
        if (actual != typeof(Grade) && actual != typeof(Channel))
            return;
        schema.Type = nullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        schema.Enum = [.. Enum.GetNames(actual).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))];
    }
}

internal class GradeConverter : ExactNameConverter<Grade>;

/// <summary>
/// Writes a grade in a response about one rating. Spaces follow the name, so that the encrypted responses of all grades
/// have the same length.
/// </summary>
internal sealed class EvenGradeConverter : GradeConverter
{
    private static readonly FrozenDictionary<Grade, string> Padded = Grades.All.ToFrozenDictionary(
        grade => grade,
        grade => $"\"{Words.Wire(grade)}\"".PadRight(Words.LongestWire + 2)
    );

    public override void Write(Utf8JsonWriter writer, Grade value, JsonSerializerOptions options) =>
        writer.WriteRawValue(Padded[value], skipInputValidation: true);
}

internal sealed class ChannelConverter : ExactNameConverter<Channel>;
