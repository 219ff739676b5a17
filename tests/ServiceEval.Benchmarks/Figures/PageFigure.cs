using System.IO.Compression;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures uncompressed window pages a second ÷ no-op posts a second, and the bytes that a first view transfers.
/// </summary>
internal static class PageFigure
{
    public static async Task RunAsync(bool json)
    {
        await using var installation = await Installation.CreateAsync();
        await using var host = await ServerProcess.HostAsync(installation);
        await using var noOp = await ServerProcess.NoOpAsync();
        var pages = (await installation.WindowsAsync()).Select(w => Requests.Get($"/w/{w.Code}")).ToArray();

        var at = 0;
        var page = AgainstNoOp.Run(
            "page",
            [host],
            noOp,
            64,
            duration => ClosedLoop.Run([host.Address], 64, duration, 200, () => pages[at++ % pages.Length])
        );

        using var client = new HttpClient { BaseAddress = host.Address };
        var path = $"/w/{(await installation.WindowsAsync())[0].Code}";
        var plain = await client.GetByteArrayAsync(path);
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        var compressed = await client.GetByteArrayAsync(path);
        Figure.Print(
            new
            {
                name = "page",
                ratio = page.Ratio,
                page,
                bytes = plain.Length,
                compressedBytes = compressed.Length,
            },
            json
        );
    }
}
