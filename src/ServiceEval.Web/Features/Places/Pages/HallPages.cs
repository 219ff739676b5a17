using Microsoft.AspNetCore.Components;
using QRCoder;
using ServiceEval.Web.Components;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Places.Pages;

/// <summary>
/// The page on which a citizen chooses a window, and the sheets and QR codes that are printed for windows.
/// </summary>
public sealed class HallPages(HallDirectory directory, PublicAddress address, PageRenderer renderer)
{
    private const int PixelsPerModule = 12;

    internal static readonly string SheetStyle = PageRenderer.Asset("sheet.css");

    private static readonly string SheetPolicy = ContentPolicy.OfDocument(SheetStyle);

    public async Task<IResult> ChooseAsync(string hall, HttpContext http)
    {
        var view = PageView.Of(http.Request);
        return directory.Current.Hall(hall) is { } entry
            ? PageRenderer.Answer(
                http,
                await renderer.RenderAsync<HallPage>(
                    (nameof(HallPage.View), view),
                    (nameof(HallPage.Hall), entry),
                    (nameof(HallPage.AtTheServer), LoopbackOnly.Allows(http))
                )
            )
            : await renderer.RefuseAsync(http, PlaceProblems.HallUnknown);
    }

    public async Task<IResult> HallQrAsync(string hall, HttpContext http) =>
        directory.Current.Hall(hall) is { } entry
            ? Svg(address.OfHall(entry.Code))
            : await renderer.RefuseAsync(http, PlaceProblems.HallUnknown);

    public async Task<IResult> WindowQrAsync(string code, string format, HttpContext http)
    {
        var (window, problem) = Find(code);
        if (window is null)
            return await renderer.RefuseAsync(http, problem!);
        var url = address.OfWindow(window.Window.Code);
        if (format == "svg")
            return Svg(url);
        using var qr = QRCodeGenerator.GenerateQrCode(url, QRCodeGenerator.ECCLevel.M);
        return Results.Bytes(new PngByteQRCode(qr).GetGraphic(PixelsPerModule), "image/png");
    }

    public async Task<IResult> SheetAsync(string code, HttpContext http)
    {
        var (window, problem) = Find(code);
        return window is null
            ? await renderer.RefuseAsync(http, problem!)
            : await PrintAsync(http, $"{window.Number}号窗口评价码", [window]);
    }

    /// <summary>
    /// Renders one page for each window of the hall that takes ratings, so that all are printed in one job.
    /// </summary>
    public async Task<IResult> SheetsAsync(string hall, HttpContext http) =>
        directory.Current.Hall(hall) is { } entry
            ? await PrintAsync(http, $"{entry.Name}评价码", [.. entry.Windows.Where(w => w.IsActive)])
            : await renderer.RefuseAsync(http, PlaceProblems.HallUnknown);

    internal static MarkupString QrOf(string url) => new(SvgOf(url));

    private async Task<IResult> PrintAsync(HttpContext http, string title, IReadOnlyList<WindowEntry> windows)
    {
        var html = await renderer.RenderAsync<SheetsPage>(
            (nameof(SheetsPage.Title), title),
            (nameof(SheetsPage.Windows), windows)
        );
        http.Response.Headers.ContentSecurityPolicy = SheetPolicy;
        return Results.Content(html, "text/html; charset=utf-8");
    }

    /// <summary>Finds the window. Only a code that takes ratings is printed.</summary>
    private (WindowEntry? Window, Problem? Problem) Find(string code) =>
        directory.Current.Window(code) switch
        {
            null => (null, PlaceProblems.WindowUnknown),
            var window when !window.Takes(code) => (null, PlaceProblems.WindowRetired),
            var window => (window, null),
        };

    private static IResult Svg(string url) => Results.Content(SvgOf(url), "image/svg+xml");

    private static string SvgOf(string url)
    {
        using var qr = QRCodeGenerator.GenerateQrCode(url, QRCodeGenerator.ECCLevel.M);
        return new SvgQRCode(qr).GetGraphic(
            PixelsPerModule,
            "#000",
            "#fff",
            sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute
        );
    }
}
