using System.Globalization;
using System.Text;
using Microsoft.Extensions.FileProviders;

namespace ServiceEval.Web.Publishing.Typefaces;

/// <summary>Where a page gets its fonts from.</summary>
public enum FontSource
{
    /// <summary>The host that serves the page.</summary>
    Host,

    /// <summary>The page itself. The whole fonts are 3 MB, so this is only for a page that is printed here.</summary>
    Page,

    /// <summary>The computer that shows the page.</summary>
    System,
}

/// <summary>
/// Finds the report's fonts, which <c>kiosk/fonts.mjs</c> builds. Without them the report uses the system's fonts.
/// </summary>
public sealed partial class ReportFonts(IWebHostEnvironment environment, ILogger<ReportFonts> logger)
{
    public const string Family = "Noto Sans SC";

    /// <summary>
    /// Rare characters have their own family, because faces of one family with different weights do not complete each
    /// other.
    /// </summary>
    public const string RareFamily = "Noto Sans SC Rare";

    private const string Folder = "/fonts/";
    private const string Slices = $"{Folder}slices.json";

    private static readonly int[] Weights = [400, 700];

    private readonly Lazy<RareCharacters> _rare = new(() => RareCharacters.Parse(Read(environment, Slices)));

    private int _hasComplained;

    /// <summary>Returns the font rules of a page. They depend on the characters in it.</summary>
    public string Rules(string page, FontSource source)
    {
        if (source == FontSource.System || !IsBuilt())
            return "";
        var characters = page.EnumerateRunes().Where(r => !Rune.IsControl(r)).Select(r => r.Value).ToHashSet();
        var main = Weights.Select(weight => Rule(Family, $"font-weight:{weight}", PathOf(weight), source));
        var rare = _rare
            .Value.For(characters)
            .Select(slice =>
                Rule(
                    RareFamily,
                    $"font-weight:100 900;unicode-range:{string.Join(',', slice.Characters.Select(c => $"U+{c.ToString("X", CultureInfo.InvariantCulture)}"))}",
                    RareCharacters.Folder + slice.File,
                    source
                )
            );
        return string.Concat([.. main, .. rare]);
    }

    private bool IsBuilt()
    {
        if (Weights.Select(PathOf).Append(Slices).All(path => Find(environment, path).Exists))
            return true;
        if (Interlocked.Exchange(ref _hasComplained, 1) == 0)
            Log.NotBuilt(logger);
        return false;
    }

    private string Rule(string family, string of, string path, FontSource source)
    {
        var url =
            source == FontSource.Host
                ? path
                : $"data:font/woff2;base64,{Convert.ToBase64String(Read(environment, path))}";
        return $"@font-face{{font-family:\"{family}\";{of};font-display:swap;src:url({url}) format(\"woff2\")}}";
    }

    private static string PathOf(int weight) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}noto-sans-sc-{weight}.woff2");

    private static IFileInfo Find(IWebHostEnvironment environment, string path) =>
        environment.WebRootFileProvider.GetFileInfo(path);

    private static byte[] Read(IWebHostEnvironment environment, string path)
    {
        using var content = Find(environment, path).CreateReadStream();
        using var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(
            4201,
            LogLevel.Warning,
            "The report's fonts are not built, so its pages use the system's fonts; run `npm ci && npm run build` in kiosk/"
        )]
        public static partial void NotBuilt(ILogger logger);
    }
}
