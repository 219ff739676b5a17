using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

internal sealed record NightlyFile(string Path, DateTimeOffset At);

/// <summary>
/// The files of this installation's nightly backups, for example <c>serviceeval-1a2b3c4d-20261118T020000Z.tar</c>.
/// Several installations can share a directory, so each name has the mark of its installation. Earlier programs wrote
/// no mark. Such a file is this installation's if its manifest names a block of this ledger.
/// </summary>
internal sealed partial class NightlyFiles(DatabaseEngine engine, LedgerKeyFile keyFile)
{
    private const int MarkLength = 8;
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public string NameFor(DateTimeOffset at) =>
        $"serviceeval-{Mark ?? throw new OperatorException(keyFile.OnLost)}-{at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}.tar";

    /// <summary>
    /// Returns the backups in the directory, oldest first. A backup with a time in the future is left out, because a
    /// wrong clock made it. It would suppress the coming backups, and it would push a backup of today out.
    /// </summary>
    public async Task<IReadOnlyList<NightlyFile>> InAsync(string folder, DateTimeOffset now, CancellationToken ct)
    {
        var mark = Mark;
        var own = new List<NightlyFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "serviceeval-*.tar"))
        {
            if (
                Name().Match(Path.GetFileName(path)) is not { Success: true } name
                || At(name) is not { } at
                || at > now
            )
                continue;
            if (name.Groups["mark"].Success ? name.Groups["mark"].Value == mark : await IsOwnAsync(path, ct))
                own.Add(new NightlyFile(path, at));
        }
        return [.. own.OrderBy(f => f.At)];
    }

    public async Task<DateTimeOffset?> NewestInAsync(string folder, DateTimeOffset now, CancellationToken ct) =>
        await InAsync(folder, now, ct) is [.., var newest] ? newest.At : null;

    /// <summary>Returns the work folders that a killed process of this installation has left.</summary>
    public IReadOnlyList<string> UnfinishedIn(string folder)
    {
        var mark = Mark;
        return
        [
            .. Directory
                .EnumerateDirectories(folder, ".serviceeval-*.part")
                .Where(path => Unfinished().Match(Path.GetFileName(path)).Groups["mark"].Value == mark),
        ];
    }

    /// <summary>
    /// The beginning of the fingerprint of the first ledger key; null if there is no key yet. Backups contain the key
    /// file, and a changed key is added to it, so the mark stays the same after <c>restore</c> and
    /// <c>ledger rotate</c>.
    /// </summary>
    private string? Mark => keyFile.Load() is [var first, ..] ? first.Fingerprint[..MarkLength] : null;

    private async Task<bool> IsOwnAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var backup = await BackupReader.OpenAsync(path, ct);
            var (sequence, hash) = backup.Manifest.Ledger;
            var bytes = Convert.FromHexString(hash);
            return await engine.Inspection.ReadAsync(
                (db, token) => db.LedgerBlocks.AnyAsync(b => b.Sequence == sequence && b.Hash == bytes, token),
                ct
            );
        }
        catch (OperatorException)
        {
            // It is no backup, or it cannot be read. It is left alone.
            return false;
        }
    }

    private static DateTimeOffset? At(Match name) =>
        DateTimeOffset.TryParseExact(
            name.Groups["time"].Value,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;

    [GeneratedRegex(@"^serviceeval-((?<mark>[0-9a-f]{8})-)?(?<time>\d{8}T\d{6}Z)\.tar$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\.serviceeval-(?<mark>[0-9a-f]{8})-\d{8}T\d{6}Z\.tar\.[0-9a-f]{32}\.part$")]
    private static partial Regex Unfinished();
}
