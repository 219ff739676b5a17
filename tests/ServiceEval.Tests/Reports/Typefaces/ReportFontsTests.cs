using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Tests.Reports.Typefaces;

public sealed partial class ReportFontsTests
{
    /// <summary>The characters come from 白堽, 王称堌, 濮阳, and 埝, which is part of many village names.</summary>
    private const string Rare = "堽堌濮埝";

    private static readonly HashSet<int> Known =
    [
        .. CharacterMap.Read(WoffFile.TableOf2(WebRoot.Built.Read("fonts/noto-sans-sc-400.woff2"), "cmap")).Keys,
    ];

    /// <summary>A page without quotes, because such a page needs no database.</summary>
    private static WeeklyReport Report => SampleReport.County with { Quotes = [] };

    [Fact]
    public async Task A_page_for_the_printer_has_every_character_it_needs_in_the_fonts_inside_it()
    {
        var page = await PageAsync(WebRoot.Built, FontSource.Page);

        var faces = Faces(page);
        Assert.Equal([400, 700], faces.Where(f => f.Family == ReportFonts.Family).Select(f => f.Weight));
        var rare = faces.Where(f => f.Family == ReportFonts.RareFamily).SelectMany(f => f.Characters).ToHashSet();
        var needed = Text(page);
        Assert.All("县政务服务好差评周报%～−王称堌白堽乡濮阳", c => Assert.Contains(c, needed));
        foreach (var face in faces.Where(f => f.Family == ReportFonts.Family))
            Assert.All(
                needed,
                c =>
                    Assert.True(
                        face.Characters.Contains(c) || rare.Contains(c),
                        $"{c} (U+{(int)c:X}) is in no font of weight {face.Weight}."
                    )
            );
    }

    [Theory]
    [InlineData(FontSource.Page)]
    [InlineData(FontSource.System)]
    public async Task A_page_that_stands_alone_loads_nothing_from_elsewhere(FontSource source)
    {
        var page = await PageAsync(WebRoot.Built, source);

        Assert.DoesNotMatch(@"url\((?!data:|#)", page);
        Assert.DoesNotMatch(@"<(?:link|script|img)\b", page);
    }

    [Fact]
    public async Task A_page_as_a_file_is_small_because_it_uses_the_fonts_of_its_computer()
    {
        var page = await PageAsync(WebRoot.Built, FontSource.System);

        Assert.DoesNotContain("@font-face", page, StringComparison.Ordinal);
        Assert.Contains("\"Microsoft YaHei\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_the_host_links_to_fonts_that_are_there()
    {
        var page = await PageAsync(WebRoot.Built, FontSource.Host);

        var sources = Faces(page).Select(f => f.Address).ToList();
        Assert.Equal(
            ["/fonts/noto-sans-sc-400.woff2", "/fonts/noto-sans-sc-700.woff2"],
            sources.Where(s => s.StartsWith("/fonts/", StringComparison.Ordinal))
        );
        Assert.All(sources, s => Assert.NotEmpty(WebRoot.Built.Read(s)));
        Assert.DoesNotContain("data:font", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rare_characters_of_townships_are_in_slices_that_have_them()
    {
        Assert.All("堽堌", c => Assert.DoesNotContain(c, Known));

        foreach (var character in Rare.Where(c => !Known.Contains(c)))
        {
            var face = Assert.Single(
                Faces(WebRoot.Built.Fonts().Rules($"{character}县", FontSource.Page)),
                f => f.Family == ReportFonts.RareFamily
            );
            Assert.Equal([character], face.Claimed);
            Assert.Contains(character, face.Characters);
        }
        // A slice is embedded only for characters that the report's own font lacks, because each slice is loaded whole.
        Assert.DoesNotContain(
            Faces(WebRoot.Built.Fonts().Rules("县政务服务", FontSource.Page)),
            f => f.Family == ReportFonts.RareFamily
        );
    }

    /// <summary>
    /// Another project wrote the list. The files must contain all characters that the list promises. This is not true
    /// from U+9FF0 on, the newest characters for chemistry. There the system's font is used.
    /// </summary>
    [Fact]
    public void Every_slice_has_the_characters_that_its_list_promises()
    {
        var rare = RareCharacters.Parse(WebRoot.Built.Read("fonts/slices.json"));

        var slices = rare.For(Enumerable.Range(0x4e00, 0x51f0))
            .Select(s => (s.File, Characters: s.Characters.ToList()))
            .ToList();

        Assert.True(
            slices.Sum(s => s.Characters.Count) > 4_000,
            $"Only {slices.Sum(s => s.Characters.Count)} characters."
        );
        Assert.Empty(
            slices
                .SelectMany(slice =>
                    slice.Characters.Except(
                        CharacterMap
                            .Read(WoffFile.TableOf2(WebRoot.Built.Read(RareCharacters.Folder + slice.File), "cmap"))
                            .Keys
                    )
                )
                .Select(missing => $"U+{missing:X}")
        );
    }

    [Theory]
    [InlineData(FontSource.Page)]
    [InlineData(FontSource.Host)]
    public async Task Without_the_font_files_pages_come_all_the_same(FontSource source)
    {
        var page = await PageAsync(WebRoot.Empty, source);

        Assert.DoesNotContain("@font-face", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("濮阳县政务服务“好差评”周报", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">1402</td>", page, StringComparison.Ordinal);
    }

    private static async Task<string> PageAsync(WebRoot root, FontSource source)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddReportHtml()
            .AddSingleton<IWebHostEnvironment>(root)
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<PageRenderer>()
            .AddSingleton<HallDirectory>()
            .AddSingleton<IReadSnapshot, NoDatabase>()
            .AddSingleton<IDbContextFactory<ServiceEvalDb>, NoDatabase>();
        await using var built = services.BuildServiceProvider();
        return await built.GetRequiredService<ReportHtml>().RenderAsync(Report, source);
    }

    /// <summary>Returns the characters that a reader sees on the page.</summary>
    private static HashSet<char> Text(string page) =>
        [
            .. Tags()
                .Replace(Styles().Replace(page, ""), "")
                .Replace("&nbsp;", "", StringComparison.Ordinal)
                .Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c)),
        ];

    private static List<Face> Faces(string css) => [.. FontFaces().Matches(css).Select(m => new Face(m))];

    [GeneratedRegex(
        """@font-face\{font-family:"(?<family>[^"]*)";(?:font-weight:(?<weight>\d+))?(?: 900)?;?(?:unicode-range:(?<range>[^;]*);)?[^}]*?src:url\((?<source>[^)]*)\) format\("(?<format>\w+)"\)\}"""
    )]
    private static partial Regex FontFaces();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Styles();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    /// <summary>A font-face rule and its font. The reader of the font shares no code with its writer.</summary>
    private sealed class Face(Match rule)
    {
        public string Family => rule.Groups["family"].Value;
        public int Weight => int.Parse(rule.Groups["weight"].Value, CultureInfo.InvariantCulture);
        public string Address => rule.Groups["source"].Value;
        public byte[] Source =>
            Convert.FromBase64String(Address[(Address.IndexOf(',', StringComparison.Ordinal) + 1)..]);

        /// <summary>The characters that the rule claims.</summary>
        public IEnumerable<char> Claimed =>
            rule.Groups["range"]
                .Value.Split(',')
                .Select(u => (char)int.Parse(u[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        public HashSet<char> Characters
        {
            get => field ??= Read();
        }

        private HashSet<char> Read()
        {
            var has = CharacterMap.Read(WoffFile.TableOf2(Source, "cmap")).Keys.Select(k => (char)k);
            return rule.Groups["range"].Success ? [.. has.Intersect(Claimed)] : [.. has];
        }
    }

    private sealed class NoDatabase : IReadSnapshot, IDbContextFactory<ServiceEvalDb>
    {
        public ServiceEvalDb CreateDbContext() =>
            throw new InvalidOperationException("A page without quotes asks no database.");

        public Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct) =>
            throw new InvalidOperationException("Nor here.");
    }
}
