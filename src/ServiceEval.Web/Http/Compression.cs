using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Http;

/// <summary>
/// Does not compress a response with the header no-transform. Such a response is padded to one length, and compression
/// would make its length depend on its content again.
/// </summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    public override bool ShouldCompressResponse(HttpContext context) =>
        !context.Response.Headers.CacheControl.ToString().Contains("no-transform", StringComparison.OrdinalIgnoreCase)
        && base.ShouldCompressResponse(context);
}
