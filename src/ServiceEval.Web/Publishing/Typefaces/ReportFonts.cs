using System.Globalization;
using System.Text;
using Microsoft.Extensions.FileProviders;

namespace ServiceEval.Web.Publishing.Typefaces;

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

    private static readonly int[] Weights = [400, 700];

    private readonly Lazy<IReadOnlySet<int>> _known = new(() =>
        CharacterMap.Of(Read(environment, Name(Weights[0], "ttf"))).Keys.ToHashSet()
    );
    private readonly Lazy<RareCharacters> _rare = new(() => RareCharacters.Parse(Read(environment, "slices.json")));

    private int _hasComplained;

    /// <summary>Returns the font rules for a page that this host serves.</summary>
    public string Linked(string page) =>
        Rules(
            page,
            (weight, _) => $"url(/fonts/{Name(weight, "woff2")}) format(\"woff2\")",
            slice => $"url({RareCharacters.Folder}{slice}) format(\"woff2\")"
        );

    /// <summary>Returns font rules that contain the fonts themselves, reduced to the characters of the page.</summary>
    public string Embedded(string page) =>
        Rules(
            page,
            (weight, characters) =>
                $"url(data:font/woff;base64,{Convert.ToBase64String(Woff.Of(TrueTypeSubset.Of(Read(environment, Name(weight, "ttf")), characters)))}) format(\"woff\")",
            slice =>
                $"url(data:font/woff2;base64,{Convert.ToBase64String(Read(environment, slice, RareCharacters.Folder))}) format(\"woff2\")"
        );

    private string Rules(string page, Func<int, IReadOnlySet<int>, string> ofWeight, Func<string, string> ofSlice)
    {
        if (!IsBuilt())
            return "";
        var characters = page.EnumerateRunes().Where(r => !Rune.IsControl(r)).Select(r => r.Value).ToHashSet();
        var main = Weights.Select(weight => Rule(Family, $"font-weight:{weight}", ofWeight(weight, characters)));
        var rare = _rare
            .Value.For(characters.Except(_known.Value))
            .Select(slice =>
                Rule(
                    RareFamily,
                    $"font-weight:100 900;unicode-range:{string.Join(',', slice.Characters.Select(c => $"U+{c.ToString("X", CultureInfo.InvariantCulture)}"))}",
                    ofSlice(slice.File)
                )
            );
        return string.Concat([.. main, .. rare]);
    }

    private bool IsBuilt()
    {
        if (
            Weights
                .SelectMany(w => (string[])[Name(w, "woff2"), Name(w, "ttf")])
                .Append("slices.json")
                .All(name => Find(environment, name).Exists)
        )
            return true;
        if (Interlocked.Exchange(ref _hasComplained, 1) == 0)
            Log.NotBuilt(logger);
        return false;
    }

    private static string Rule(string family, string of, string source) =>
        $"@font-face{{font-family:\"{family}\";{of};font-display:swap;src:{source}}}";

    private static string Name(int weight, string format) => $"noto-sans-sc-{weight}.{format}";

    private static IFileInfo Find(IWebHostEnvironment environment, string name, string folder = "/fonts/") =>
        environment.WebRootFileProvider.GetFileInfo(folder + name);

    private static byte[] Read(IWebHostEnvironment environment, string name, string folder = "/fonts/")
    {
        using var content = Find(environment, name, folder).CreateReadStream();
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
