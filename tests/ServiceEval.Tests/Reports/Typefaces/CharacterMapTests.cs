using System.Buffers.Binary;
using CsCheck;
using ServiceEval.Web.Publishing.Typefaces;
using SkiaSharp;

namespace ServiceEval.Tests.Reports.Typefaces;

public sealed class CharacterMapTests
{
    private static readonly byte[] Font = WebRoot.Built.Read("fonts/noto-sans-sc-400.ttf");

    [Fact]
    public void What_was_written_is_read_again() =>
        Gen.Select(Gen.Int[0, 0x10ffff], Gen.Int[0, 0xffff])
            .Array[0, 50]
            .Sample(
                pairs =>
                {
                    var glyphs = pairs.DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2);

                    Assert.Equal(
                        glyphs.OrderBy(g => g.Key),
                        CharacterMap.Read(CharacterMap.Write(glyphs)).OrderBy(g => g.Key)
                    );
                },
                iter: 500
            );

    [Fact]
    public void The_reports_font_is_read_as_others_read_it()
    {
        using var typeface = SKTypeface.FromStream(new MemoryStream(Font));

        var map = CharacterMap.Of(Font);

        Assert.True(map.Count > 5000, $"Only {map.Count} characters.");
        var theirs = Enumerable
            .Range(0x20, 0x1ffff)
            .Where(c => c is < 0xd800 or > 0xdfff)
            .Select(c => (Character: c, Glyph: (int)typeface.GetGlyph(c)))
            .Where(c => c.Glyph != 0);
        Assert.Equal(
            theirs,
            map.Where(m => m.Key is >= 0x20 and < 0x2001f && m.Value != 0)
                .OrderBy(m => m.Key)
                .Select(m => (m.Key, m.Value))
        );
    }

    /// <summary>
    /// One segment uses a difference, one uses a list of glyphs with a gap, and the last segment ends every such table.
    /// </summary>
    [Fact]
    public void The_older_subtable_is_read_with_its_differences_and_its_lists()
    {
        var map = CharacterMap.Read(
            Table(
                4,
                46,
                0,
                6,
                0,
                0,
                0,
                0x42,
                0x4e02,
                0xffff,
                0,
                0x41,
                0x4e00,
                0xffff,
                0x10000 - 0x41 + 7,
                0,
                1,
                0,
                4,
                0,
                21,
                0,
                20
            )
        );

        Assert.Equal([new(0x41, 7), new(0x42, 8), new(0x4e00, 21), new(0x4e02, 20)], map.OrderBy(m => m.Key));
    }

    [Fact]
    public void A_font_that_maps_no_Unicode_is_refused() =>
        Assert.Throws<InvalidDataException>(() => CharacterMap.Read(Table(0, 0, 0)));

    /// <summary>Returns a table with one subtable. The words have two bytes and follow its format.</summary>
    private static byte[] Table(params int[] words)
    {
        int[] whole = [0, 1, 3, 1, 0, 12, .. words];
        var table = new byte[2 * whole.Length];
        foreach (var (index, word) in whole.Index())
            BinaryPrimitives.WriteUInt16BigEndian(table.AsSpan(2 * index), (ushort)word);
        return table;
    }
}
