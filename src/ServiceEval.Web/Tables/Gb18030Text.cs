using System.Collections.Frozen;
using System.Text;

namespace ServiceEval.Web.Tables;

/// <summary>
/// Handles characters that .NET's GB18030 decoder maps to Unicode's private use area. GB 18030-2022 gave most of these
/// two-byte codes regular code points. The others are user-defined characters (造字), which no other computer can
/// display.
/// </summary>
internal static class Gb18030Text
{
    /// <summary>
    /// Vertical punctuation and rare components. Maps the code point of GB 18030-2000 to the code point of GB
    /// 18030-2022.
    /// </summary>
    private static readonly FrozenDictionary<char, string> Today = new Dictionary<char, int>
    {
        ['\uE78D'] = 0xFE10,
        ['\uE78E'] = 0xFE12,
        ['\uE78F'] = 0xFE11,
        ['\uE790'] = 0xFE13,
        ['\uE791'] = 0xFE14,
        ['\uE792'] = 0xFE15,
        ['\uE793'] = 0xFE16,
        ['\uE794'] = 0xFE17,
        ['\uE795'] = 0xFE18,
        ['\uE796'] = 0xFE19,
        ['\uE7C7'] = 0x1E3F,
        ['\uE816'] = 0x20087,
        ['\uE817'] = 0x20089,
        ['\uE818'] = 0x200CC,
        ['\uE81E'] = 0x9FB4,
        ['\uE826'] = 0x9FB5,
        ['\uE82B'] = 0x9FB6,
        ['\uE82C'] = 0x9FB7,
        ['\uE831'] = 0x215D7,
        ['\uE832'] = 0x9FB8,
        ['\uE83B'] = 0x2298F,
        ['\uE843'] = 0x9FB9,
        ['\uE854'] = 0x9FBA,
        ['\uE855'] = 0x241FE,
        ['\uE864'] = 0x9FBB,
    }.ToFrozenDictionary(p => p.Key, p => char.ConvertFromUtf32(p.Value));

    /// <summary>
    /// Replaces private-use characters in the cells by their code points of GB 18030-2022. Returns the first character
    /// that has no such code point, or null.
    /// </summary>
    public static Rune? Restore(string[] cells)
    {
        Rune? lost = null;
        for (var i = 0; i < cells.Length; i++)
        {
            if (!cells[i].EnumerateRunes().Any(IsPrivate))
                continue;
            cells[i] = string.Concat(cells[i].Select(c => Today.GetValueOrDefault(c) ?? c.ToString()));
            foreach (var rune in cells[i].EnumerateRunes())
                if (IsPrivate(rune))
                    lost ??= rune;
        }
        return lost;
    }

    public static string Fault(Rune character) =>
        $"有一个字是造字（U+{character.Value:X4}），只有造它的电脑认得，请换一种写法";

    private static bool IsPrivate(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.PrivateUse;
}
