using System.Text;
using SkiaSharp;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// A drawing's texts. Skia leaves out what its one font lacks, such as a rare character in a township's name; the
/// browser has others. So another character of the same width is drawn, and each text restored afterwards.
/// </summary>
internal sealed class ChartTexts(SKTypeface font)
{
    private const char StandIn = '囗';

    private readonly Dictionary<string, Queue<string>> _restored = [];

    /// <summary>What to draw for <paramref name="text"/>.</summary>
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
    /// What was meant by a text that was drawn; texts are drawn in the order in which they were asked for.
    /// </summary>
    public string Restore(string drawn) =>
        _restored.TryGetValue(drawn, out var queue) && queue.TryDequeue(out var text) ? text : drawn;
}
