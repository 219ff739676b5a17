using System.Globalization;
using System.Text;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// A typed or pasted text as its reader sees it. Contacts, chats and PDF files add invisible characters: direction
/// marks, byte order marks, soft hyphens. The citizen cannot find them, and they can mislead another reader.
/// </summary>
internal static class VisibleText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int MongolianVowelSeparator = 0x180E;

    // These characters are drawn as nothing, although their category is letter, mark or symbol: Hangul fillers, the
    // grapheme joiner, Khmer inherent vowels, the blank braille pattern, the place of a pasted picture, the musical
    // null notehead.
    private static readonly int[] Blank =
    [
        0x034F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x2800,
        0x3164,
        0xFFA0,
        0xFFFC,
        0x1D159,
    ];

    /// <summary>
    /// Returns the text without invisible characters; every line ends in \n. Half of a surrogate pair stays, and the
    /// caller decides about it.
    /// </summary>
    public static string Of(string text)
    {
        var visible = new StringBuilder(text.Length);
        Rune? before = null;
        for (var i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                visible.Append(text[i++]);
                before = null;
                continue;
            }
            i += rune.Utf16SequenceLength;
            if (rune.Value == '\r' && i < text.Length && text[i] == '\n')
                continue;
            if (rune.Value is '\r' or 0x85 or 0x2028 or 0x2029)
                rune = new Rune('\n');
            Rune? after = i < text.Length && Rune.TryGetRuneAt(text, i, out var next) ? next : null;
            if (!IsSeen(rune, before, after))
                continue;
            visible.Append(rune.ToString());
            before = rune;
        }
        return visible.ToString();
    }

    /// <summary>Returns whether the character is drawn, or changes how its neighbours are drawn.</summary>
    private static bool IsSeen(Rune rune, Rune? before, Rune? after)
    {
        if (rune.Value is '\n' or '\t')
            return true;
        if (IsVariationSelector(rune))
            return before is { } bearer && !Rune.IsWhiteSpace(bearer) && !IsVariationSelector(bearer);
        if (rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner or MongolianVowelSeparator)
            return Joins(rune, before, after);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => false,
            UnicodeCategory.Format => IsArabicNumberSign(rune),
            // These code points are unassigned. The standard says that they are invisible if they are ever assigned.
            UnicodeCategory.OtherNotAssigned => rune.Value
                is not (0x2065 or (>= 0xFFF0 and <= 0xFFFF) or (>= 0xE0000 and <= 0xE0FFF)),
            _ => !Blank.Contains(rune.Value),
        };
    }

    /// <summary>
    /// Returns whether the rune is a variation selector. It follows a sign and chooses the form of that sign: of an
    /// emoji, of a rare character in a name, or of a Mongolian letter.
    /// </summary>
    private static bool IsVariationSelector(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180D) or 0x180F;

    /// <summary>
    /// Returns whether the joiner connects parts of one emoji, or letters of a script in which joining changes their
    /// form. It never connects Chinese characters.
    /// </summary>
    private static bool Joins(Rune joiner, Rune? before, Rune? after) =>
        (joiner.Value == ZeroWidthJoiner && IsPartOfEmoji(before) && IsPartOfEmoji(after))
        || (IsJoiningLetter(before) && IsJoiningLetter(after));

    private static bool IsPartOfEmoji(Rune? rune) =>
        rune is { } part
        && (
            part.Value is 0xFE0F or 0x2194 or (>= 0x1F3FB and <= 0x1F3FF)
            || Rune.GetUnicodeCategory(part) == UnicodeCategory.OtherSymbol
        );

    /// <summary>
    /// Returns whether the letter belongs to Arabic (also Uyghur and Kazakh), to the scripts of India or to Mongolian.
    /// </summary>
    private static bool IsJoiningLetter(Rune? rune) =>
        rune is { Value: (>= 0x0600 and <= 0x08FF) or (>= 0x0900 and <= 0x0DFF) or (>= 0x1800 and <= 0x18AF) };

    private static bool IsArabicNumberSign(Rune rune) =>
        rune.Value is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD;
}
