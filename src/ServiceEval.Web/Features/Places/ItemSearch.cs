using System.Text;
using ServiceEval.Core.Places;

namespace ServiceEval.Web.Features.Places;

/// <param name="Items">The best matches, best first.</param>
/// <param name="More">The number of further matches.</param>
public sealed record ItemMatches(IReadOnlyList<ServiceItem> Items, int More);

/// <summary>
/// Finds items by the words that a citizen types. A word matches an item if its letters occur in the name in the same
/// order, with or without other letters between them. A word also matches if it occurs in an alias. Width and case make
/// no difference. Punctuation separates words.
/// </summary>
public sealed class ItemSearch(IReadOnlyList<ServiceItem> items)
{
    /// <summary>The most items that a phone can show without tiring the citizen.</summary>
    public const int Most = 20;

    private readonly Entry[] _entries =
    [
        .. items.Select(item => new Entry(item, Letters(item.Name), [.. Aliases.Split(item.Aliases).Select(Letters)])),
    ];

    public ItemMatches Find(string typed)
    {
        var words = Words(typed);
        if (words.Length == 0)
            return new ItemMatches([], 0);
        var found = _entries
            .Select(entry => (entry.Item, entry.Name.Length, Rank: entry.RankOf(words)))
            .Where(f => f.Rank is not null)
            .OrderBy(f => f.Rank)
            .ThenBy(f => f.Length)
            .ThenBy(f => f.Item.Id)
            .Select(f => f.Item)
            .ToList();
        return new ItemMatches([.. found.Take(Most)], Math.Max(0, found.Count - Most));
    }

    private static string[] Words(string text)
    {
        var folded = Fold(text);
        return new string([.. folded.Select(c => IsLetter(c) ? c : ' ')]).Split(
            ' ',
            StringSplitOptions.RemoveEmptyEntries
        );
    }

    private static string Letters(string text) => new([.. Fold(text).Where(IsLetter)]);

    // Surrogates count as letters, because a rare hanzi consists of two.
    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);

    /// <summary>
    /// Folds width and case rune by rune. Half of a surrogate pair cannot be normalised, and a text may be cut inside a
    /// pair.
    /// </summary>
    private static string Fold(string text) =>
        string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    private sealed record Entry(ServiceItem Item, string Name, IReadOnlyList<string> Aliases)
    {
        // The ranks. If the letters of a word have other letters between them, the rank is higher than all of these.
        // The number of those other letters is added to it.
        private const int Same = 0,
            SameAlias = 1,
            Begins = 2,
            Contains = 3,
            AliasBegins = 4,
            AliasContains = 5,
            Scattered = 10,
            ScatteredWithAlias = 20;

        /// <summary>Returns the rank, or null if a word is not found. A smaller rank is better.</summary>
        public int? RankOf(string[] words)
        {
            var sum = 0;
            foreach (var word in words)
            {
                if (RankOf(word) is not { } rank)
                    return null;
                sum += rank;
            }
            return sum;
        }

        private int? RankOf(string word)
        {
            if (Name == word)
                return Same;
            if (Aliases.Contains(word))
                return SameAlias;
            if (Name.StartsWith(word, StringComparison.Ordinal))
                return Begins;
            if (Name.Contains(word, StringComparison.Ordinal))
                return Contains;
            if (Aliases.Any(a => a.StartsWith(word, StringComparison.Ordinal)))
                return AliasBegins;
            if (Aliases.Any(a => a.Contains(word, StringComparison.Ordinal)))
                return AliasContains;
            if (Gaps(Name, word) is { } gaps)
                return Scattered + gaps;
            // 驾照换证: one word is an alias that people use, and the other word is from the name.
            return Aliases.Select(alias => ScatteredWithAlias + Gaps(alias + Name, word)).Min();
        }

        /// <summary>
        /// Returns how many other letters stand between the letters of the word where they are closest together; null
        /// if the letters do not all occur in this order.
        /// </summary>
        private static int? Gaps(string text, string word)
        {
            int? least = null;
            for (var start = text.IndexOf(word[0]); start >= 0; start = text.IndexOf(word[0], start + 1))
            {
                var end = start;
                foreach (var letter in word.AsSpan(1))
                {
                    end = text.IndexOf(letter, end + 1);
                    if (end < 0)
                        return least;
                }
                var gaps = end - start + 1 - word.Length;
                if (least is null || gaps < least)
                    least = gaps;
            }
            return least;
        }
    }
}
