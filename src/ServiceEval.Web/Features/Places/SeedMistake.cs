using System.Globalization;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Places;

/// <summary>A mistake in a set: where it is, what is wrong, and what would be right.</summary>
/// <param name="File">The file name with the name of its set.</param>
/// <param name="Line">The line, or the row of the sheet; null if the whole file is meant.</param>
/// <param name="What">A clause without its end.</param>
public sealed record SeedMistake(string File, long? Line, string? Column, string? Value, string What)
{
    private const int MaxValue = 80;

    /// <summary>Returns the mistake as one line of text.</summary>
    public override string ToString()
    {
        var line = Line is { } number ? string.Create(CultureInfo.InvariantCulture, $" 第 {number} 行") : "";
        var cell =
            Column is null ? ""
            : Value is null ? $" {Column} 列"
            : $" {Column} 列“{Printable(Excerpt.Of(Value, MaxValue))}”";
        return $"{File}{line}{cell}：{Printable(What)}";
    }

    private static string Printable(string text) =>
        string.Concat(
            text.EnumerateRunes().Select(r => SeedText.IsInvisible(r) ? $"[{SeedText.CodePoint(r)}]" : r.ToString())
        );
}
