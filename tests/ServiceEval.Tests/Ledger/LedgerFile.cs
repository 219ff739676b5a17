using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Reports;
using ServiceEval.Data.Sqlite;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Ledger;

/// <summary>A database file with a ledger in it, written by the real writer, and open to anybody's SQL.</summary>
internal sealed class LedgerFile : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateAsync);

    private readonly SqliteWriter _writer;

    private LedgerFile(string directory, LedgerAuthor? author)
    {
        Directory = directory;
        _writer = new SqliteWriter(ConnectionString, author, new FakeTimeProvider(Start));
    }

    public string Directory { get; }
    public string Path => System.IO.Path.Combine(Directory, "serviceeval.db");
    public SqliteLedgerReader Reader => new(ConnectionString);

    private string ConnectionString => $"Data Source={Path};Pooling=False";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Empty, its schema up to date.</summary>
    public static Task<LedgerFile> CreateAsync() => CreateAsync(TestDatabases.TestDatabase.NewAuthor());

    /// <param name="author">Null: of a program from before blocks were signed.</param>
    public static async Task<LedgerFile> CreateAsync(LedgerAuthor? author)
    {
        var file = new LedgerFile(System.IO.Directory.CreateTempSubdirectory("serviceeval-").FullName, author);
        await File.WriteAllBytesAsync(file.Path, await Migrated.Value, Ct);
        return file;
    }

    /// <summary>
    /// Five blocks: ratings 1, 2, 3, the ledger's first key · rating 4 with a detail and comment · a correction of 2, a detail of 3 · rating 5 ·
    /// ratings 6, 7; and a report that has seen them.
    /// </summary>
    public static Task<LedgerFile> WithFiveBlocksAsync() => WithFiveBlocksAsync(TestDatabases.TestDatabase.NewAuthor());

    /// <param name="author">As above.</param>
    public static async Task<LedgerFile> WithFiveBlocksAsync(LedgerAuthor? author)
    {
        var file = await CreateAsync(author);
        await file.CommitAsync(Give(1, Grade.VeryDissatisfied), Give(2), Give(3, window: 2));
        await file.CommitAsync(Give(4, Grade.Dissatisfied, 2, Detail(4, Grade.Dissatisfied, 5, ["207", "209"], "等了两小时")));
        await file.CommitAsync(new GiveCorrection(Id(2), Grade.VeryDissatisfied, Start), new GiveDetail(Detail(3, Grade.Satisfied, 0, ["101"], null)));
        await file.CommitAsync(Give(5));
        await file.CommitAsync(Give(6), Give(7, Grade.VerySatisfied));
        await file.AddReportAsync(await file.HeadAsync());
        return file;
    }

    public static Guid Id(int number) => new(string.Create(CultureInfo.InvariantCulture, $"019a0000-0000-7000-8000-{number:x12}"));

    public static GiveRating Give(int number, Grade grade = Grade.Satisfied, int window = 1, RatingDetail? detail = null) => new(
        Rating.Give(
            Id(number), window, departmentId: 3, Tier.Printed, Channel.Qr, grade, Start.AddSeconds(number), Zone, Start.AddSeconds(number),
            SHA256.HashData(BitConverter.GetBytes(number))), detail);

    /// <summary>Of an older system.</summary>
    public static GiveRating Imported(int number) => new(
        Rating.Give(Id(number), 1, departmentId: 3, Tier.Imported, Channel.Qr, Grade.Satisfied, Start, Zone, Start, SHA256.HashData(BitConverter.GetBytes(number))), null);

    public static RatingDetail Detail(int number, Grade grade, int item, string[] tags, string? comment) =>
        RatingDetail.Of(Id(number), grade, item, item == 0 ? 0 : 3, tags, comment, Start);

    public Task CommitAsync(params LogRequest[] requests) => _writer.CommitAsync(requests, Ct);

    /// <summary>A report frozen in the host's own way, that says it has seen this head.</summary>
    public async Task AddReportAsync(BlockReference head)
    {
        var (json, contentHash) = new WeeklyReport
        {
            Id = "county-2026-W47-v1",
            Scope = "county",
            Title = "示例县",
            Week = "2026-W47",
            Version = 1,
            N = 7,
            Grades = new Dictionary<string, int?>(),
            Channels = [],
            Tiers = [],
            Ledger = new ReportLedger(head.Sequence, Convert.ToHexStringLower(head.Hash)),
        }.Freeze();
        var report = new Report
        {
            Scope = "county",
            Week = "2026-W47",
            Version = 1,
            DataHash = new byte[32],
            ContentHash = contentHash,
            LedgerSequence = head.Sequence,
            LedgerHash = head.Hash,
            CompiledAt = Start,
            Json = json,
        };
        await _writer.WriteAsync((db, ct) =>
        {
            db.Add(report);
            return db.SaveChangesAsync(ct);
        }, Ct);
    }

    public async Task<BlockReference> HeadAsync()
    {
        var head = (await Reader.PinAsync(Ct)).Head!;
        return new BlockReference(head.Sequence, head.Hash);
    }

    public async Task<Rating> RatingAsync(int number) => (await Reader.RatingsAfterAsync(null, Ct)).Rows.Single(r => r.Row.Id == Id(number)).Row;

    /// <summary>Plain SQL, as an outsider with a tool would; returns how many rows it changed.</summary>
    public async Task<int> TamperAsync(string sql, params object[] parameters)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i] is int number and > 0 ? Id(number).ToByteArray(bigEndian: true) : parameters[i]);
        return await command.ExecuteNonQueryAsync(Ct);
    }

    public async Task<IReadOnlyList<object[]>> QueryAsync(string sql)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new SqliteCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(Ct))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Goes on with another author, as another program would on the same file.</summary>
    public async Task CommitAsync(LedgerAuthor? author, params LogRequest[] requests)
    {
        await using var writer = new SqliteWriter(ConnectionString, author, new FakeTimeProvider(Start));
        await writer.CommitAsync(requests, Ct);
    }

    public async Task<VerificationResult> VerifyAsync(KnownKeys? known = null) => await new Verification(Reader, known).RunAsync([], null, Ct);

    public async Task<IReadOnlyList<Fault>> FaultsAsync(params Anchor[] anchors) => (await new Verification(Reader).RunAsync(anchors, null, Ct)).Faults;

    /// <summary>As the program left it that came before blocks were signed.</summary>
    public async Task MigrateBackAsync()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(ConnectionString);
        await using var db = new ServiceEvalDb(options.Options);
        await db.GetService<IMigrator>().MigrateAsync("20261127065408_Nodes", Ct);
    }

    /// <summary>The database as one file, as a backup would have it.</summary>
    public async Task<LedgerFile> CopyAsync()
    {
        var copy = new LedgerFile(System.IO.Directory.CreateTempSubdirectory("serviceeval-").FullName, author: null);
        await TamperAsync($"VACUUM INTO '{copy.Path}'");
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static async Task<byte[]> MigrateAsync()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("serviceeval-").FullName;
        var path = System.IO.Path.Combine(directory, "empty.db");
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite($"Data Source={path};Pooling=False");
        await using (var db = new ServiceEvalDb(options.Options))
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL");
            await db.Database.MigrateAsync();
        }
        var bytes = await File.ReadAllBytesAsync(path);
        System.IO.Directory.Delete(directory, recursive: true);
        return bytes;
    }
}
