using System.Text.Json;
using System.Text.Json.Serialization;
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
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.TypeInfoResolverChain.Insert(0, HotJson.Default);
        options.TypeInfoResolverChain.Add(new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver());
        return options;
    }
}

/// <summary>Generated readers and writers for what the hot path carries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(GradeConverter), typeof(ChannelConverter)])]
[JsonSerializable(typeof(RatingRequest))]
[JsonSerializable(typeof(RatingResponse))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketResponse))]
internal sealed partial class HotJson : JsonSerializerContext;

internal sealed class GradeConverter() : JsonStringEnumConverter<Grade>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class ChannelConverter() : JsonStringEnumConverter<Channel>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
