using System.Text.Json.Serialization;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>Source-generated serialisers for the types on the hot path.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(GradeConverter), typeof(ChannelConverter)]
)]
[JsonSerializable(typeof(RatingRequest))]
[JsonSerializable(typeof(RatingResponse))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketResponse))]
internal sealed partial class HotJson : JsonSerializerContext;
