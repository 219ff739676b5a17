using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Sqlite;

namespace ServiceEval.Web.Hosting;

/// <summary>A database that is a file (SQLite), and the operations that only a file allows.</summary>
internal sealed class DatabaseFile(string connectionString, TimeProvider time)
{
    // Free space in bytes that is left over, because ratings are still written while a copy is made or moved.
    private const long Spare = 64 << 20;

    public string Path { get; } =
        System.IO.Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);

    public bool Exists => File.Exists(Path);

    public static string NotThere(string path) =>
        $"没有数据库文件 {path}，请用 ServiceEval__DataDirectory 指明数据目录。";

    /// <summary>The size in bytes of the database and its write-ahead log. A copy is at most this large.</summary>
    public long Bytes => new[] { Path, $"{Path}-wal" }.Select(p => new FileInfo(p)).Sum(f => f.Exists ? f.Length : 0);

    /// <summary>Copies a consistent snapshot while other connections write.</summary>
    /// <param name="path">The path of the copy. The file must not exist yet.</param>
    public Task CopyAsync(string path, IProgress<double>? progress, CancellationToken ct) =>
        Task.Run(
            () =>
            {
                // The empty file is created first, so that only this account can read the copy from the first byte.
                new FileStream(path, AtomicFile.NewFile()).Dispose();
                SqliteCopy.Write(connectionString, path, progress, ct);
            },
            ct
        );

    /// <summary>
    /// Returns null if a folder has room for this many copies. Otherwise returns a text for people that says how much
    /// room is missing.
    /// </summary>
    public string? Lacks(string folder, int copies)
    {
        var needed = Bytes * copies + Spare;
        return Storage.Free(folder) is var free && free < needed
            ? $"{folder} 需要 {needed >> 20} MB，只剩 {free >> 20} MB"
            : null;
    }

    /// <summary>
    /// Opens another database file to read and check it. It gets no ratings, so it needs no author of blocks. Its
    /// connections are not pooled, so that none is left when it is disposed of.
    /// </summary>
    public static DatabaseEngine Open(string path, TimeProvider time) =>
        new SqliteEngine(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString(),
            author: null,
            time
        );

    /// <summary>
    /// Keeps a copy of the file in <c>backups/</c> of the data directory before a migration changes it, so that the
    /// operator can go back to the older program.
    /// </summary>
    /// <returns>The copy's path.</returns>
    /// <exception cref="OperatorException">The copy could not be made. The database was not changed.</exception>
    public async Task<string> KeepAsync(string dataPath, string migration, CancellationToken ct)
    {
        var folder = System.IO.Path.Combine(dataPath, "backups");
        var copy = System.IO.Path.Combine(
            folder,
            FormattableString.Invariant($"before-{migration}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.db")
        );
        try
        {
            DataDirectory.Create(folder);
            if (Lacks(folder, copies: 1) is { } lacks)
                throw new OperatorException(NotKept($"{lacks}。请腾出空间后再试。"));
            using var file = new AtomicFile(copy);
            await CopyAsync(file.Unfinished, progress: null, ct);
            // Another command may have made the copy in the same second. Both copies are the same.
            Storage.WarnIfUnsynced(folder, file.Commit(overwrite: true));
            return copy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(NotKept($"{FileFaults.Reason(e)}，请检查磁盘空间和目录权限后再试。"), e);
        }
        catch (SqliteException e)
        {
            throw new OperatorException(NotKept(SqliteEngine.SentenceOn(e)!), e);
        }
    }

    private static string NotKept(string why) => $"升级数据库之前要先留一份副本，没有留成，所以什么都没有改动：{why}";
}
