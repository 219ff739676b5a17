using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Sqlite;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Tests.Ledger;

/// <summary>A database file with a ledger that the real writer wrote. A test can run any SQL on it.</summary>
internal sealed class LedgerFile : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateAsync);

    private readonly SqliteWriter _writer;

    private LedgerFile(string directory, LedgerAuthor? author)
    {
        Directory = directory;
        _writer = new SqliteWriter(ConnectionString, author, new FakeTimeProvider(Start));
    }

    /// <summary>The key that signs its blocks; null if the author was given.</summary>
    public SigningKey? Key { get; private set; }

    public string Directory { get; }
    public string Path => System.IO.Path.Combine(Directory, "serviceeval.db");
    public SqliteLedgerReader Reader => new(ConnectionString);

    private string ConnectionString => $"Data Source={Path};Pooling=False";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Creates an empty database with the current schema.</summary>
    public static Task<LedgerFile> CreateAsync() => CreateAsync(SigningKey.Create());

    /// <param name="author">Null for the database of a program from before blocks were signed.</param>
    public static async Task<LedgerFile> CreateAsync(LedgerAuthor? author)
    {
        var file = new LedgerFile(System.IO.Directory.CreateTempSubdirectory("serviceeval-").FullName, author);
        await File.WriteAllBytesAsync(file.Path, await Migrated.Value, Ct);
        return file;
    }

    /// <summary>
    /// Creates five blocks: ratings 1, 2, 3 and the ledger's first key · rating 4 with a detail and comment · a
    /// correction of 2 and a detail of 3 · rating 5 · ratings 6, 7. A report has seen them.
    /// </summary>
    public static async Task<LedgerFile> WithFiveBlocksAsync() => await AddFiveBlocksAsync(await CreateAsync());

    /// <param name="author">Null for the database of a program from before blocks were signed.</param>
    public static async Task<LedgerFile> WithFiveBlocksAsync(LedgerAuthor? author) =>
        await AddFiveBlocksAsync(await CreateAsync(author));

    private static async Task<LedgerFile> CreateAsync(SigningKey key)
    {
        var file = await CreateAsync(new LedgerAuthor("test", _ => [key]));
        file.Key = key;
        return file;
    }

    private static async Task<LedgerFile> AddFiveBlocksAsync(LedgerFile file)
    {
        await file.CommitAsync(Give(1, Grade.VeryDissatisfied), Give(2), Give(3, window: 2));
        await file.CommitAsync(
            Give(4, Grade.Dissatisfied, 2, Detail(4, Grade.Dissatisfied, 5, ["207", "209"], "等了两小时"))
        );
        await file.CommitAsync(
            new GiveCorrection(Id(2), Grade.VeryDissatisfied, Start),
            new GiveDetail(Detail(3, Grade.Satisfied, 0, ["101"], null))
        );
        await file.CommitAsync(Give(5));
        await file.CommitAsync(Give(6), Give(7, Grade.VerySatisfied));
        await file.AddReportAsync(await file.HeadAsync());
        return file;
    }

    /// <summary>Returns the id of a ticket that was issued in the second in which the rating was given.</summary>
    public static Guid Id(int number)
    {
        var milliseconds = Start
            .AddSeconds(number)
            .ToUnixTimeMilliseconds()
            .ToString("x12", CultureInfo.InvariantCulture);
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{milliseconds[..8]}-{milliseconds[8..]}-7000-8000-{number:x12}"
            )
        );
    }

    public static GiveRating Give(
        int number,
        Grade grade = Grade.Satisfied,
        int window = 1,
        RatingDetail? detail = null
    ) =>
        new(
            Rating.Give(
                Id(number),
                window,
                departmentId: 3,
                Tier.Printed,
                Channel.Qr,
                grade,
                Start.AddSeconds(number),
                Zone,
                Start.AddSeconds(number),
                SHA256.HashData(BitConverter.GetBytes(number))
            ),
            detail
        );

    /// <summary>Returns a rating that was imported from an older system.</summary>
    public static GiveRating Imported(int number)
    {
        var id = Id(number).ToByteArray(bigEndian: true);
        id[6] = (byte)(0x80 | id[6] & 0x0F);
        return new(
            Rating.Give(
                new Guid(id, bigEndian: true),
                1,
                departmentId: 3,
                Tier.Imported,
                Channel.Qr,
                Grade.Satisfied,
                Start,
                Zone,
                Start,
                new byte[32]
            ),
            null
        );
    }

    public static RatingDetail Detail(int number, Grade grade, int item, string[] tags, string? comment) =>
        RatingDetail.Of(Id(number), grade, item, item == 0 ? 0 : 3, tags, comment, Start.AddSeconds(number));

    public Task CommitAsync(params LogRequest[] requests) => _writer.CommitAsync(requests, Ct);

    /// <summary>
    /// Adds the week's report, which is frozen in the same way as by the host and says that it has seen this head.
    /// </summary>
    public Task AddReportAsync(BlockReference head) => AddReportAsync("county", "2026-W47", 1, head, Start.AddDays(5));

    /// <summary>Adds a report that has seen the ledger up to this block.</summary>
    /// <param name="change">Makes further changes to the report.</param>
    public async Task AddReportAsync(
        string scope,
        string week,
        int version,
        long block,
        DateTimeOffset compiledAt,
        Func<WeeklyReport, WeeklyReport>? change = null
    )
    {
        var hash = (byte[])(await QueryAsync($"SELECT Hash FROM LedgerBlocks WHERE Sequence = {block}"))[0][0];
        await AddReportAsync(scope, week, version, new BlockReference(block, hash), compiledAt, change);
    }

    private async Task AddReportAsync(
        string scope,
        string week,
        int version,
        BlockReference head,
        DateTimeOffset compiledAt,
        Func<WeeklyReport, WeeklyReport>? change = null
    )
    {
        var days = IsoWeek.Parse(week);
        var ratings = await QueryAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT COUNT(*) FROM Ratings
                WHERE Block <= {head.Sequence} AND LocalDate BETWEEN {days.Monday:yyyyMMdd} AND {days.Sunday:yyyyMMdd}
                """
            )
        );
        var written = new WeeklyReport
        {
            Id = $"{scope}-{week}-v{version}",
            Scope = scope,
            Title = "示例县",
            Week = week,
            Version = version,
            N = (int)(long)ratings[0][0],
            Grades = new Dictionary<string, int?>(),
            Channels = [],
            Tiers = [],
            Ledger = new ReportLedger(head.Sequence, Convert.ToHexStringLower(head.Hash)),
        };
        var (json, contentHash) = (change?.Invoke(written) ?? written).Freeze();
        var report = new Report
        {
            Scope = scope,
            Week = week,
            Version = version,
            DataHash = new byte[32],
            ContentHash = contentHash,
            LedgerSequence = head.Sequence,
            LedgerHash = head.Hash,
            CompiledAt = compiledAt,
            Json = json,
        };
        await _writer.WriteAsync(
            (db, ct) =>
            {
                db.Add(report);
                return db.SaveChangesAsync(ct);
            },
            Ct
        );
    }

    public async Task<BlockReference> HeadAsync()
    {
        var head = (await Reader.PinAsync(new TallySums(new TallySecret()), Ct)).Head!;
        return new BlockReference(head.Sequence, head.Hash);
    }

    public async Task<Rating> RatingAsync(int number) =>
        (await Reader.PageAsync(EntryKind.Rating, null, Ct)).Rows.Single(r => r.Row.Id == Id(number)).Row;

    /// <summary>Runs plain SQL as an outsider with a tool does, and returns the number of changed rows.</summary>
    public async Task<int> TamperAsync(string sql, params object[] parameters)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue(
                $"${i + 1}",
                parameters[i] is int number and > 0 ? Id(number).ToByteArray(bigEndian: true) : parameters[i]
            );
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

    /// <summary>Commits with another author, as another program on the same file does.</summary>
    public async Task CommitAsync(LedgerAuthor? author, params LogRequest[] requests)
    {
        await using var writer = new SqliteWriter(ConnectionString, author, new FakeTimeProvider(Start));
        await writer.CommitAsync(requests, Ct);
    }

    public Task<VerificationResult> VerifyAsync(KnownKeys? known = null, Anchor? since = null) =>
        new Verification(Reader, known, since: since).RunAsync([], null, Ct);

    public async Task<IReadOnlyList<Fault>> FaultsAsync(params Anchor[] anchors) =>
        (await new Verification(Reader).RunAsync(anchors, null, Ct)).Faults;

    /// <summary>
    /// Verifies as if memory had room for one block only. Every block that is out of order needs another pass.
    /// </summary>
    public async Task<IReadOnlyList<Fault>> FaultsABlockAtATimeAsync() =>
        (await new Verification(Reader) { Limits = new(Blocks: 1, Places: 1, Held: 1) }.RunAsync([], null, Ct)).Faults;

    /// <summary>Migrates back to the last schema before blocks were signed.</summary>
    public async Task MigrateBackAsync()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(ConnectionString);
        await using var db = new ServiceEvalDb(options.Options);
        await db.GetService<IMigrator>().MigrateAsync("20261127065408_Nodes", Ct);
    }

    /// <summary>Copies the database to one file, as a backup does.</summary>
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

    /// <summary>
    /// Adds the windows 1 and 2, the department 3 and the items 1 to 5. The ratings of these tests refer to them.
    /// </summary>
    public static Task AddDirectoryAsync(ServiceEvalDb db)
    {
        db.Add(
            new Hall
            {
                Id = 1,
                Code = "example",
                Name = "示例大厅",
                ShortName = "示例",
                TimeZone = "Asia/Shanghai",
            }
        );
        db.Add(
            new Department
            {
                Id = 3,
                Code = "D3",
                Name = "部门",
                ShortName = "部门",
            }
        );
        db.AddRange(
            Enumerable
                .Range(1, 2)
                .Select(n => new Window
                {
                    Id = n,
                    HallId = 1,
                    Number = $"{n}",
                    Name = "窗口",
                    Code = $"WINDOW0{n}",
                })
        );
        db.AddRange(
            Enumerable
                .Range(1, 5)
                .Select(n => new ServiceItem
                {
                    Id = n,
                    Code = $"I{n}",
                    Name = "事项",
                    DepartmentId = 3,
                })
        );
        return db.SaveChangesAsync();
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
            await AddDirectoryAsync(db);
        }
        var bytes = await File.ReadAllBytesAsync(path);
        System.IO.Directory.Delete(directory, recursive: true);
        return bytes;
    }
}
