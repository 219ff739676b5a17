using System.Collections;
using System.Text;
using System.Text.Unicode;

namespace ServiceEval.Web.Tables;

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

    /// <summary>The byte order mark (U+FEFF) in GB18030.</summary>
    public static ReadOnlySpan<byte> Gb18030Mark => [0x84, 0x31, 0x95, 0x33];

    private static readonly BitArray Common = FindCommonHanzi();

    public static LineEncoding Of(ReadOnlySpan<byte> line)
    {
        if (Ascii.IsValid(line))
            return LineEncoding.Ascii;
        if (!System.Text.Unicode.Utf8.IsValid(line))
            return IsGb18030(line) ? LineEncoding.Gb18030 : LineEncoding.Neither;
        // A short GB18030 text can be valid UTF-8 by chance: 谢谢 would be Cyrillic letters. So the decoded UTF-8 text
        // must consist mostly of everyday characters.
        return IsLikely(line) || !IsGb18030(line) ? LineEncoding.Utf8 : LineEncoding.Either;
    }

    /// <summary>
    /// Returns a score for a GB18030 line: the number of common hanzi, minus the number of characters that are neither
    /// hanzi nor punctuation of GB/T 2312.
    /// </summary>
    public static int LikelihoodOfChinese(ReadOnlySpan<byte> line)
    {
        var likelihood = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] < 0x80)
                continue;
            var (lead, trail) = (line[i], line[i + 1]);
            // If the second byte is a digit, the character has four bytes.
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

    /// <summary>Returns whether more than half of the non-ASCII characters are everyday characters.</summary>
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

    /// <summary>Returns true for common hanzi, Chinese punctuation, full-width forms and emoji.</summary>
    private static bool IsEveryday(int character) =>
        character is (>= 0x2010 and <= 0x2027) or (>= 0x3000 and <= 0x303F) or (>= 0xFF00 and <= 0xFFEF) or >= 0x1F000
        || (character <= char.MaxValue && Common[character]);

    /// <summary>Marks the 3,755 hanzi of level 1 of GB/T 2312.</summary>
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
