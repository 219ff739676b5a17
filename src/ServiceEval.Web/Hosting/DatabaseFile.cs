using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Sqlite;

namespace ServiceEval.Web.Hosting;

/// <summary>A database that is a file, and what can be done with it because it is one.</summary>
internal sealed class DatabaseFile(string connectionString, TimeProvider time)
{
    // Ratings go on while a copy is made or moved, and a disk that is full to the last byte helps nobody.
    private const long Spare = 64 << 20;

    public string Path { get; } =
        System.IO.Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);

    public bool Exists => File.Exists(Path);

    public static string NotThere(string path) =>
        $"没有数据库文件 {path}，请用 ServiceEval__DataDirectory 指明数据目录。";

    /// <summary>With its log; what a copy takes at most.</summary>
    public long Bytes => new[] { Path, $"{Path}-wal" }.Select(p => new FileInfo(p)).Sum(f => f.Exists ? f.Length : 0);

    /// <summary>As one moment has it, while others write.</summary>
    /// <param name="path">Of a file that is not there yet.</param>
    public Task CopyAsync(string path, IProgress<double>? progress, CancellationToken ct) =>
        Task.Run(
            () =>
            {
                // Readable for this account alone from the first byte.
                var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                    access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                new FileStream(path, access).Dispose();
                SqliteCopy.Write(connectionString, path, progress, ct);
            },
            ct
        );

    /// <summary>
    /// Null if a folder has room for this many copies; otherwise how much it lacks, as a person reads it.
    /// </summary>
    public string? Lacks(string folder, int copies)
    {
        var needed = Bytes * copies + Spare;
        return Storage.Free(folder) is var free && free < needed
            ? $"{folder} 需要 {needed >> 20} MB，只剩 {free >> 20} MB"
            : null;
    }

    /// <summary>
    /// The same kind of database on another file, all its connections gone with it; it is looked at, and gets no
    /// ratings.
    /// </summary>
    public static DatabaseEngine Open(string path, TimeProvider time) =>
        new SqliteEngine(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString(),
            author: null,
            time
        );

    /// <summary>
    /// Before an upgrade changes the file: keeps a copy in <c>backups/</c> of the data directory. Whoever must go back
    /// has the file as the older program left it.
    /// </summary>
    /// <returns>The copy's path.</returns>
    /// <exception cref="StartException">It can't be kept, and so nothing was changed.</exception>
    public async Task<string> KeepAsync(string dataPath, string migration, CancellationToken ct)
    {
        var folder = System.IO.Path.Combine(dataPath, "backups");
        var copy = System.IO.Path.Combine(
            folder,
            FormattableString.Invariant($"before-{migration}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.db")
        );
        var unfinished = $"{copy}.{Guid.CreateVersion7():N}.part";
        try
        {
            DataDirectory.Create(folder);
            if (Lacks(folder, copies: 1) is { } lacks)
                throw new StartException(NotKept($"{lacks}。请腾出空间后再试。"));
            await CopyAsync(unfinished, progress: null, ct);
            // Another verb may have kept it in the same second; it is the same.
            File.Move(unfinished, copy, overwrite: true);
            Storage.Sync(folder);
            return copy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(NotKept($"{FileFaults.Reason(e)}，请检查磁盘空间和目录权限后再试。"), e);
        }
        catch (SqliteException e)
        {
            throw new StartException(NotKept(SqliteEngine.SentenceOn(e)!), e);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string NotKept(string why) => $"升级数据库之前要先留一份副本，没有留成，所以什么都没有改动：{why}";
}
