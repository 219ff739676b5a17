using System.Buffers;
using System.Globalization;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Reads a log of heads: the host's own log, or a copy that the operator provides.</summary>
internal static class KeptHeads
{
    public const string KeyMark = "key:";

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// Reads the host's own log. A power failure may have damaged any line. So unreadable lines are reported but not
    /// refused. Refusing them would prove nothing, because a person who can damage a line can also remove it.
    /// </summary>
    public static async Task<Kept> ReadOwnAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            return new([], []);
        var (kept, illegible) = await ReadAsync(path, "heads.log", ct);
        if (illegible.Count > 0)
            await Console.Error.WriteLineAsync(
                $"{path} 有 {illegible.Count} 行无法识别（第一处在第 {illegible[0]} 行），这些行没有用于核验。"
            );
        return kept;
    }

    /// <exception cref="OperatorException">The copy is missing, cannot be read, has an unreadable line or has no head. An
    /// incomplete copy proves less than the operator asked for.</exception>
    public static async Task<Kept> ReadGivenAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            throw new OperatorException($"没有文件 {path}。");
        var (kept, illegible) = await ReadAsync(path, Path.GetFileName(path), ct);
        if (illegible.Count > 0)
            throw new OperatorException(
                $"{path} 第 {illegible[0]} 行不是账本头（时间 序号:64 位十六进制哈希），文件可能不完整；请换一份，或删去该行后再核验。"
            );
        if (kept.Heads.Count == 0)
            throw new OperatorException($"{path} 里没有账本头，请核对文件。");
        return kept;
    }

    /// <summary>Reads one line, <c>TIME SEQ:HASH</c>. Returns null if the line contains no head.</summary>
    public static Anchor? Parse(string source, string line)
    {
        var space = line.LastIndexOf(' ');
        return Anchor.Parse(source, line[(space + 1)..]) is { } head
            ? head with
            {
                At = TimeIn(line.AsSpan(0, Math.Max(0, space))),
            }
            : null;
    }

    private static DateTimeOffset? TimeIn(ReadOnlySpan<char> text) =>
        DateTimeOffset.TryParseExact(
            text.Trim(),
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;

    /// <summary>
    /// Reads one line, <c>TIME key:FINGERPRINT</c>, which names a key that signs the ledger. Returns null if it
    /// contains no key.
    /// </summary>
    public static KeptKey? ParseKey(string source, string line)
    {
        var text = line.AsSpan(line.LastIndexOf(' ') + 1);
        return
            text.StartsWith(KeyMark, StringComparison.Ordinal)
            && text.Length == KeyMark.Length + 64
            && !text[KeyMark.Length..].ContainsAnyExcept(Hex)
            ? new KeptKey(source, text[KeyMark.Length..].ToString())
            : null;
    }

    private static async Task<(Kept Kept, List<int> Illegible)> ReadAsync(
        string path,
        string source,
        CancellationToken ct
    )
    {
        var (heads, keys, illegible) = (new List<Anchor>(), new List<KeptKey>(), new List<int>());
        try
        {
            var number = 0;
            await foreach (var line in File.ReadLinesAsync(path, ct))
            {
                number++;
                if (Parse(source, line) is { } head)
                    heads.Add(head);
                else if (ParseKey(source, line) is { } key)
                    keys.Add(key);
                else if (!string.IsNullOrWhiteSpace(line))
                    illegible.Add(number);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{path} 读不了：{FileFaults.Reason(e)}。", e);
        }
        return (new(heads, keys), illegible);
    }
}

/// <summary>The contents of a log of heads.</summary>
internal sealed record Kept(IReadOnlyList<Anchor> Heads, IReadOnlyList<KeptKey> Keys);
