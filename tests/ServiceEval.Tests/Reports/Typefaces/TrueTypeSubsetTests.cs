using System.Buffers.Binary;
using ServiceEval.Web.Publishing.Typefaces;
using SkiaSharp;

namespace ServiceEval.Tests.Reports.Typefaces;

/// <summary>Skia reads the fonts here. A browser draws a subset in the same way as Skia.</summary>
public sealed class TrueTypeSubsetTests
{
    private const string Words = "濮阳县政务服务“好差评”周报 第47期 95.6%～98.0%，éüÄ";

    private static readonly byte[] Font = WebRoot.Built.Read("fonts/noto-sans-sc-400.ttf");

    [Fact]
    public void The_characters_asked_for_are_drawn_as_in_the_whole_font()
    {
        using var whole = Open(Font);
        using var subset = Open(Cut(Words));

        Assert.All(
            Words.Where(c => whole.Typeface.ContainsGlyph(c)),
            c =>
            {
                Assert.True(subset.Typeface.ContainsGlyph(c), $"{c} is missing.");
                Assert.Equal(Outline(whole, c), Outline(subset, c));
                Assert.Equal(whole.MeasureText(c.ToString()), subset.MeasureText(c.ToString()));
            }
        );
        Assert.NotEqual("", Outline(subset, '县'));
    }

    [Fact]
    public void Every_single_character_keeps_its_outline_when_all_are_asked_for()
    {
        var characters = CharacterMap.Of(Font).Keys.ToHashSet();
        using var whole = Open(Font);
        using var subset = Open(WoffFile.Sfnt(TrueTypeSubset.Of(Font, characters)));

        Assert.All(characters, c => Assert.Equal(Outline(whole, c), Outline(subset, c)));
    }

    [Fact]
    public void All_other_characters_are_gone_and_so_is_most_of_the_file()
    {
        var cut = Cut(Words);
        using var subset = Open(cut);

        Assert.False(subset.Typeface.ContainsGlyph('镇'));
        Assert.Equal(
            CharacterMap.Of(Font).Keys.Where(k => Words.Contains((char)k)).Order(),
            CharacterMap.Of(cut).Keys.Order()
        );
        Assert.True(cut.Length < Font.Length / 10, $"{cut.Length} of {Font.Length} bytes.");
    }

    [Fact]
    public void A_subset_of_nothing_is_still_a_font()
    {
        using var subset = Open(Cut(""));

        Assert.False(subset.Typeface.ContainsGlyph('县'));
    }

    /// <summary>
    /// The report's font has no such glyph, but other fonts do. Glyphs 2 and 3 have no character of their own here.
    /// </summary>
    [Fact]
    public void A_glyph_made_of_others_brings_them_along()
    {
        byte[] simple = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7];
        byte[] ofTwo =
        [
            0xff,
            0xff,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            .. Part(2, 0x0001 | 0x0008 | 0x0020, 6),
            .. Part(3, 0x0002, 2),
        ];
        byte[] ofOne = [0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, .. Part(5, 0x0080, 10)];
        byte[][] outlines = [simple, ofTwo, simple, ofOne, simple, simple];

        var subset = TrueTypeSubset.Of(
            Handmade(outlines, characters: [new('A', 1), new('B', 4)]),
            new HashSet<int> { 'A' }
        );

        Assert.Equal([0, 1, 2, 3, 5], Enumerable.Range(0, 6).Where(i => Stored(subset, i).Length > 0));
        Assert.All([0, 1, 2, 3, 5], i => Assert.Equal(outlines[i], Stored(subset, i)[..outlines[i].Length]));
        Assert.Equal([new('A', 1)], CharacterMap.Read(subset["cmap"]));
    }

    /// <summary>
    /// Returns a part of a composite glyph, with this number of bytes for offsets and scales after the glyph number.
    /// </summary>
    private static byte[] Part(byte glyph, int flags, int more) => [0, (byte)flags, 0, glyph, .. new byte[more]];

    /// <summary>
    /// Returns a font with short offsets, as small fonts have them. It lacks the tables that only drawing needs.
    /// </summary>
    private static byte[] Handmade(byte[][] outlines, KeyValuePair<int, int>[] characters)
    {
        var offsets = outlines.Aggregate(
            new List<int> { 0 },
            (known, outline) => [.. known, known[^1] + outline.Length]
        );
        return WoffFile.Sfnt(
            new Dictionary<string, byte[]>
            {
                ["cmap"] = CharacterMap.Write(characters),
                ["head"] = new byte[54],
                ["maxp"] = [0, 1, 0, 0, 0, (byte)outlines.Length],
                ["glyf"] = [.. outlines.SelectMany(o => o)],
                ["loca"] = [.. offsets.SelectMany(o => (byte[])[(byte)(o / 2 >> 8), (byte)(o / 2)])],
            }
        );
    }

    private static byte[] Stored(IReadOnlyDictionary<string, byte[]> font, int glyph)
    {
        int Offset(int of) => BinaryPrimitives.ReadInt32BigEndian(font["loca"].AsSpan(4 * of));
        return font["glyf"][Offset(glyph)..Offset(glyph + 1)];
    }

    private static byte[] Cut(string characters) =>
        WoffFile.Sfnt(TrueTypeSubset.Of(Font, characters.Select(c => (int)c).ToHashSet()));

    private static SKFont Open(byte[] font) =>
        new(
            SKTypeface.FromStream(new MemoryStream(font))
                ?? throw new InvalidOperationException("Skia does not take it for a font."),
            100
        );

    private static string Outline(SKFont font, int character)
    {
        using var path = font.GetGlyphPath(font.Typeface.GetGlyph(character));
        return path?.ToSvgPathData() ?? "";
    }
}
