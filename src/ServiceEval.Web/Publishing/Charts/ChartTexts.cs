using System.Text;
using SkiaSharp;

namespace ServiceEval.Web.Publishing.Charts;

/// <summary>
/// The texts of a drawing. Skia omits characters that its one font lacks, such as a rare character in a township's
/// name; the browser has other fonts. So a stand-in character of the same width is drawn, and each text is restored
/// afterwards.
/// </summary>
internal sealed class ChartTexts(SKTypeface font)
{
    private const char StandIn = '囗';

    private readonly Dictionary<string, Queue<string>> _restored = [];

    /// <summary>Returns the text to draw in place of <paramref name="text"/>.</summary>
    public string Draw(string text)
    {
        var drawn = text.EnumerateRunes()
            .Aggregate(
                new StringBuilder(),
                (built, rune) => font.ContainsGlyph(rune.Value) ? built.Append(rune.ToString()) : built.Append(StandIn)
            )
            .ToString();
        if (drawn != text)
        {
            if (!_restored.TryGetValue(drawn, out var queue))
                _restored[drawn] = queue = [];
            queue.Enqueue(text);
        }
        return drawn;
    }

    /// <summary>
    /// Returns the original of a text that was drawn. Texts are drawn in the order in which they were requested.
    /// </summary>
    public string Restore(string drawn) =>
        _restored.TryGetValue(drawn, out var queue) && queue.TryDequeue(out var text) ? text : drawn;
}
