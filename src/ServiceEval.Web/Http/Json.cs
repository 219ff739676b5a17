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
