using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Leaves alone what says no-transform: an answer padded to one length must not be compressed below it.
/// </summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    public override bool ShouldCompressResponse(HttpContext context) =>
        !context.Response.Headers.CacheControl.ToString().Contains("no-transform", StringComparison.OrdinalIgnoreCase)
        && base.ShouldCompressResponse(context);
}
