using System.Text;
using ServiceEval.Data.Halls;

namespace ServiceEval.Web.Features.Halls;

/// <param name="Items">The best first.</param>
/// <param name="More">How many were found besides.</param>
public sealed record ItemMatches(IReadOnlyList<ServiceItem> Items, int More);

/// <summary>
/// Finds items by what citizens type: each word's letters in their order within a name, with or without others between
/// them,
/// or in one of its aliases. Width and case make no difference, and punctuation separates words.
/// </summary>
public sealed class ItemSearch(IReadOnlyList<ServiceItem> items)
{
    /// <summary>A telephone shows no more without tiring anybody.</summary>
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

    // Also halves of rare hanzi.
    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c);

    /// <summary>By runes, because half of one can't be normalised, and a text may be cut in the middle of it.</summary>
    private static string Fold(string text) =>
        string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    private sealed record Entry(ServiceItem Item, string Name, IReadOnlyList<string> Aliases)
    {
        // In steps; letters with others between them come after all of these, the closer together the better.
        private const int Same = 0,
            SameAlias = 1,
            Begins = 2,
            Contains = 3,
            AliasBegins = 4,
            AliasContains = 5,
            Scattered = 10,
            ScatteredWithAlias = 20;

        /// <summary>The smaller the better; null where a word is not to be found.</summary>
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
            // 驾照换证: one word of the people's, and one of the name's.
            return Aliases.Select(alias => ScatteredWithAlias + Gaps(alias + Name, word)).Min();
        }

        /// <summary>
        /// How many letters stand between those of the word where they are closest together; null if they are not all
        /// there in order.
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
