using System.Collections;
using System.Text;
using System.Text.Unicode;

namespace ServiceEval.Web.Features.Tables;

/// <summary>What the bytes of a line can be.</summary>
internal enum LineEncoding
{
    Ascii,
    Utf8,
    Gb18030,

    /// <summary>Legible in both, and in neither evidently Chinese text as people write it.</summary>
    Either,
    Neither,
}

internal static class LineEncodings
{
    public static readonly Encoding Utf8 = new UTF8Encoding(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );
    public static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding(
        "GB18030",
        EncoderFallback.ExceptionFallback,
        DecoderFallback.ExceptionFallback
    )!;

    /// <summary>U+FEFF.</summary>
    public static ReadOnlySpan<byte> Gb18030Mark => [0x84, 0x31, 0x95, 0x33];

    private static readonly BitArray Common = FindCommonHanzi();

    public static LineEncoding Of(ReadOnlySpan<byte> line)
    {
        if (Ascii.IsValid(line))
            return LineEncoding.Ascii;
        if (!System.Text.Unicode.Utf8.IsValid(line))
            return IsGb18030(line) ? LineEncoding.Gb18030 : LineEncoding.Neither;
        // By chance a short text in GB18030 is sound UTF-8 too: 谢谢 would be Cyrillic. What it would say then gives it
        // away.
        return IsLikely(line) || !IsGb18030(line) ? LineEncoding.Utf8 : LineEncoding.Either;
    }

    /// <summary>Of a line in GB18030: common hanzi less what is neither hanzi nor punctuation of GB/T 2312.</summary>
    public static int LikelihoodOfChinese(ReadOnlySpan<byte> line)
    {
        var likelihood = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] < 0x80)
                continue;
            var (lead, trail) = (line[i], line[i + 1]);
            // A digit in the second place makes it a character of four bytes.
            var isFour = trail < 0x40;
            if (isFour || trail < 0xA1 || lead is < 0xA1 or (> 0xA3 and < 0xB0) or > 0xF7)
                likelihood--;
            else if (lead is >= 0xB0 and <= 0xD7)
                likelihood++;
            i += isFour ? 3 : 1;
        }
        return likelihood;
    }

    private static bool IsGb18030(ReadOnlySpan<byte> line)
    {
        try
        {
            Gb18030.GetCharCount(line);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Whether most of what is not ASCII are characters in everyday use.</summary>
    private static bool IsLikely(ReadOnlySpan<byte> line)
    {
        var (likely, others) = (0, 0);
        while (!line.IsEmpty)
        {
            Rune.DecodeFromUtf8(line, out var rune, out var length);
            line = line[length..];
            if (rune.IsAscii)
                continue;
            if (IsEveryday(rune.Value))
                likely++;
            else
                others++;
        }
        return likely > others;
    }

    /// <summary>Common hanzi, Chinese punctuation and full-width forms, emoji.</summary>
    private static bool IsEveryday(int character) =>
        character is (>= 0x2010 and <= 0x2027) or (>= 0x3000 and <= 0x303F) or (>= 0xFF00 and <= 0xFFEF) or >= 0x1F000
        || (character <= char.MaxValue && Common[character]);

    /// <summary>The 3,755 hanzi of GB/T 2312's first level.</summary>
    private static BitArray FindCommonHanzi()
    {
        var common = new BitArray(char.MaxValue + 1);
        for (var lead = 0xB0; lead <= 0xD7; lead++)
        {
            for (var trail = 0xA1; trail <= (lead == 0xD7 ? 0xF9 : 0xFE); trail++)
                common[Gb18030.GetString([(byte)lead, (byte)trail])[0]] = true;
        }
        return common;
    }
}
