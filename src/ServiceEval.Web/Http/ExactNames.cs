using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Http;

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
