namespace ServiceEval.Web.Http;

/// <summary>Forbids caches to store an answer about one citizen, or one that not everybody may read.</summary>
internal static class Storing
{
    private const string Forbidden = "no-store, private";

    public static void ForbidStoring(this HttpResponse response) => response.Headers.CacheControl = Forbidden;

    /// <summary>
    /// Forbids storing and compression, because the length of a compressed answer would reveal the grade in it. With
    /// no-transform, neither our own compression nor a proxy compresses the answer (RFC 9111, 5.2.2.6).
    /// </summary>
    public static void ForbidStoringAndCompression(this HttpResponse response) =>
        response.Headers.CacheControl = $"{Forbidden}, no-transform";
}
