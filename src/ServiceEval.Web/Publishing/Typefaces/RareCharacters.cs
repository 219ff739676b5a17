using System.Text.Json;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Publishing.Typefaces;

/// <summary>Finds the slice of the hall screen's font that has a character which the report's own font lacks.</summary>
public sealed class RareCharacters
{
    public const string Folder = "/kiosk/assets/";

    private readonly Dictionary<int, string> _files = [];

    public static RareCharacters Parse(ReadOnlySpan<byte> json)
    {
        var rare = new RareCharacters();
        foreach (var slice in JsonSerializer.Deserialize<Slice[]>(json, Json.Options) ?? [])
        {
            foreach (var character in slice.Characters)
                rare._files.TryAdd(character, slice.File);
        }
        return rare;
    }

    /// <summary>
    /// Returns the files to load, each with the characters of these that it has. Other characters are in the
    /// report's own font, or they are left to the system's fonts.
    /// </summary>
    public IEnumerable<(string File, IEnumerable<int> Characters)> For(IEnumerable<int> characters) =>
        characters
            .Where(_files.ContainsKey)
            .Order()
            .GroupBy(c => _files[c])
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, g.AsEnumerable()));

    private sealed record Slice(string File, int[] Characters);
}
