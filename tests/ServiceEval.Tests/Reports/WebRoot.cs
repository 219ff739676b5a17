using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Tests.Reports;

/// <summary>
/// The web root with the fonts of a host, without the host. Either the fonts are built or they are missing.
/// </summary>
internal sealed class WebRoot(IFileProvider files) : IWebHostEnvironment
{
    /// <summary>The web root after <c>npm run build</c> in kiosk/.</summary>
    public static WebRoot Built { get; } =
        new(new PhysicalFileProvider(Path.Combine(Solution(), "src", "ServiceEval.Web", "wwwroot")));

    public static WebRoot Empty { get; } = new(new NullFileProvider());

    public string WebRootPath { get; set; } = "";
    public IFileProvider WebRootFileProvider { get; set; } = files;
    public string ApplicationName { get; set; } = "";
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    public string ContentRootPath { get; set; } = "";
    public string EnvironmentName { get; set; } = "Production";

    public ReportFonts Fonts() => new(this, NullLogger<ReportFonts>.Instance);

    public byte[] Read(string path)
    {
        var file = WebRootFileProvider.GetFileInfo(path);
        Assert.True(file.Exists, $"{path} is not built: run `npm ci && npm run build` in kiosk/");
        using var content = file.CreateReadStream();
        using var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }

    private static string Solution()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ServiceEval.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the source tree.");
        return folder;
    }
}
