using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Hosting;

/// <summary>One way of writing JSON: camel case, enums by name and never by number, Chinese as it is.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        // Two grades in one body are a mistake nobody can settle for the citizen.
        options.AllowDuplicateProperties = false;
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // The framework's converter takes any case, blanks and lists ("satisfied, verySatisfied" would be the grade
        // 1|2).
        options.Converters.Add(new GradeConverter());
        options.Converters.Add(new ChannelConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.TypeInfoResolverChain.Insert(0, HotJson.Default);
        options.TypeInfoResolverChain.Add(new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver());
        return options;
    }
}

/// <summary>Generated readers and writers for what the hot path carries.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(GradeConverter), typeof(ChannelConverter)]
)]
[JsonSerializable(typeof(RatingRequest))]
[JsonSerializable(typeof(RatingResponse))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketResponse))]
internal sealed partial class HotJson : JsonSerializerContext;

/// <summary>An enum by its exact name in camel case, and nothing else.</summary>
internal abstract class ExactNameConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names = Enum.GetValues<TEnum>()
        .ToFrozenDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, TEnum> Values = Names.ToFrozenDictionary(p => p.Value, p => p.Key);

    /// <exception cref="JsonException">A number, or a name that does not exist.</exception>
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Names[value]);
}

internal static class ExactNames
{
    /// <summary>A converter of one's own is opaque to the OpenAPI generator, so the names are told here.</summary>
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
/// For an answer about one rating: blanks follow the name, so that the encrypted answers for all grades are of one
/// length.
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
