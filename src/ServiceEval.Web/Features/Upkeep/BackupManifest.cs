using System.Text.Json.Serialization;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// The manifest of a backup, which is the first entry of its tar. It states the program, the schema, the last ledger
/// block, and each file with its hash. The files are the database, the log of kept heads, and everything in
/// <c>keys/</c>.
/// </summary>
internal sealed record BackupManifest(
    string Format,
    int Version,
    string Program,
    DateTime CreatedAt,
    IReadOnlyList<string> Migrations,
    BackedUpLedger Ledger,
    long Ratings,
    IReadOnlyList<BackedUpFile> Files
)
{
    public const string FormatName = "serviceeval-backup";
    public const int NewestVersion = 1;

    // Both limits are higher than any real backup. Their product still fits into a long, so that a sum of sizes cannot
    // overflow.
    private const long MostBytes = 1L << 50;
    private const int MostFiles = 4_096;

    public const string OwnName = "manifest.json";
    public const string DatabaseName = "serviceeval.db";
    public const string HeadsName = "heads.log";
    public const string KeysFolder = "keys";

    /// <summary>
    /// True if all properties that other code relies on are present and valid. The manifest may come from an untrusted
    /// file.
    /// </summary>
    [JsonIgnore]
    public bool IsComplete =>
        Format == FormatName
        && Program is not null
        && Migrations is { Count: > 0 }
        && Ledger?.Hash is { Length: 64 } hash
        && hash.All(char.IsAsciiHexDigit)
        && Files is { Count: <= MostFiles }
        && Files.All(f => f is { Sha256: not null, Bytes: >= 0 and < MostBytes } && IsOurs(f.Name))
        && Files.Count(f => f.Name == DatabaseName) == 1
        && Files.DistinctBy(f => f.Name).Count() == Files.Count;

    /// <summary>Rejects every name that leads out of the data directory.</summary>
    private static bool IsOurs(string? name) =>
        name is DatabaseName or HeadsName
        || (
            name is not null
            && name.StartsWith($"{KeysFolder}/", StringComparison.Ordinal)
            && name.Split('/')
                .All(part =>
                    part.Length > 0
                    && part[0] != '.'
                    && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
                )
        );
}

internal sealed record BackedUpLedger(long Sequence, string Hash);

/// <param name="Sha256">In lower-case hex.</param>
internal sealed record BackedUpFile(string Name, long Bytes, string Sha256);
