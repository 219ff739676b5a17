using System.Globalization;
using System.Text.Json;
using Npgsql;
using ServiceEval.TestDatabases;
using ServiceEval.Tests.Boards;
using ServiceEval.Web.Features.Boards;

namespace ServiceEval.Tests.Hosting.Nodes;

/// <summary>Tests two nodes as two processes on one PostgreSQL with one Redis, through kills and outages.</summary>
public sealed class TwoNodesTests
{
    /// <summary>The time for which PostgreSQL is away. The length has no special meaning.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_rating_is_stored_once_after_any_kill_under_load()
    {
        using var folderOfA = new Folder();
        using var folderOfB = new Folder();
        await using var server = await PostgreSqlServer.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        var connectionString = await server.CreateBareDatabaseAsync();
        ServiceProcess Node(Folder folder, string url) =>
            new ServiceProcess(folder.Path)
                .With("ServiceEval__Database", "postgresql")
                .With("ConnectionStrings__ServiceEval", connectionString)
                .With("ServiceEval__Redis", redis.ConnectionString)
                .With("ServiceEval__Boards__BatchSize", "1")
                .With("ServiceEval__Mail__Host", "127.0.0.1")
                .With("ServiceEval__Mail__From", "report@example.com")
                .With("ServiceEval__Mail__Recipients__0__Address", "director@example.com")
                .With("ASPNETCORE_URLS", url);
        await SayAsync(Node(folderOfA, "http://127.0.0.1:0"), "migrate");
        await SayAsync(Node(folderOfA, "http://127.0.0.1:0"), "seed", "minimal");
        var code = JsonDocument
            .Parse(await SayAsync(Node(folderOfA, "http://127.0.0.1:0"), "windows", "--json"))
            .RootElement[0]
            .GetProperty("code")
            .GetString()!;

        var a = await Node(folderOfA, "http://127.0.0.1:0").ServeAsync();
        await using var b = await Node(folderOfB, "http://127.0.0.1:0").ServeAsync();
        var addressOfA = a.Address;
        try
        {
            // Only a push of the other node can reach this screen.
            await using (var screen = await Screen.WatchAsync(a.Address))
            {
                await using var one = new Crowd([b.Address], code);
                await screen.ReleasedAsync(board => board.N > 0);
                await one.EndAsync();
            }

            await using var screenOfB = await Screen.WatchAsync(b.Address);
            await using var crowd = new Crowd([a.Address, b.Address], code);
            await crowd.GoOnAtAsync(a.Address, b.Address);

            await a.DisposeAsync();
            await crowd.GoOnAtAsync(b.Address);
            a = await Node(folderOfA, addressOfA.OriginalString).ServeAsync();
            await crowd.GoOnAtAsync(a.Address, b.Address);
            await using var screenOfA = await Screen.WatchAsync(a.Address);

            await redis.StopAsync();
            await crowd.GoOnAtAsync(a.Address, b.Address);
            await redis.ResumeAsync();

            await server.Cluster.StopAsync();
            await Task.Delay(Outage, Ct);
            await crowd.RefusedAsync(1);
            await server.Cluster.RestartAsync();
            await crowd.GoOnAtAsync(a.Address, b.Address);
            // A frozen server does not answer. The nodes must still answer the citizens.
            await server.Cluster.FreezeAsync();
            await crowd.RefusedAsync(1);
            await server.Cluster.ThawAsync();
            await crowd.GoOnAtAsync(a.Address, b.Address);
            await crowd.EndAsync();

            await using var database = new NpgsqlConnection(connectionString);
            await database.OpenAsync(Ct);
            var stored = await RowsAsync(database, """SELECT "Id", "Grade" FROM "Ratings" """);
            var kept = stored.ToDictionary(row => (Guid)row[0], row => (short)row[1]);
            Assert.All(
                crowd.Acknowledged,
                acknowledged =>
                    Assert.Equal(
                        acknowledged.Value,
                        Core.Ratings.Words.Wire((Core.Ratings.Grade)(byte)kept[acknowledged.Key])
                    )
            );
            var counted = await RowsAsync(
                database,
                """SELECT SUM("VerySatisfied" + "Satisfied" + "BasicallySatisfied" + "Dissatisfied" + "VeryDissatisfied") FROM "TalliesByWindow" """
            );
            Assert.Equal(kept.Count, Convert.ToInt32(counted[0][0], CultureInfo.InvariantCulture));
            Assert.Contains(
                $"核验通过：{kept.Count} 条评价",
                await SayAsync(Node(folderOfB, "http://127.0.0.1:0"), "verify"),
                StringComparison.Ordinal
            );

            // The boards come from pushes alone, because these screens never poll.
            var (atA, atB) = (
                await screenOfA.ReleasedAsync(board => board.N == kept.Count),
                await screenOfB.ReleasedAsync(board => board.N == kept.Count)
            );
            Assert.Equal(JsonSerializer.Serialize(atA), JsonSerializer.Serialize(atB));
            Assert.Equal(
                atA.Version,
                (
                    await TestHost.ReadAsync<Board>(await a.Client.GetAsync($"/api/v1/halls/{TestHost.Hall}/board", Ct))
                ).Version
            );

            await AssertJobsRanOnceAsync(database);
            Assert.Single(await RowsAsync(database, """SELECT "Id" FROM "TicketKeys" """));
            Assert.Single(await RowsAsync(database, """SELECT "Id" FROM "DataProtectionKeys" """));
            // Each node has its own key. Both keys were admitted without an operator.
            foreach (var folder in (Folder[])[folderOfA, folderOfB])
                Assert.Equal(
                    ["ledger-keys.json"],
                    Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "keys")).Select(Path.GetFileName)
                );
            Assert.Equal(2, (await RowsAsync(database, """SELECT "Id" FROM "LedgerKeys" """)).Count);
            Assert.Empty(await RowsAsync(database, """SELECT "Fingerprint" FROM "LedgerKeyRequests" """));
        }
        finally
        {
            await a.DisposeAsync();
        }
    }

    /// <summary>
    /// Asserts that one of the two schedulers ran the mail sweep for each minute. The sweep is due every minute.
    /// </summary>
    private static async Task AssertJobsRanOnceAsync(NpgsqlConnection database)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(4));
        IReadOnlyList<object[]> minutes;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            minutes = await RowsAsync(
                database,
                """
                SELECT date_trunc('minute', s.createdat), COUNT(*) FROM hangfire.state s JOIN hangfire.job j ON j.id = s.jobid
                WHERE s.name = 'Enqueued' AND s.reason = 'Triggered by recurring job scheduler' AND j.invocationdata::text LIKE '%ReportMailSweep%' GROUP BY 1
                """
            );
        } while (minutes.Count < 2);
        Assert.All(minutes, minute => Assert.Equal(1L, minute[1]));
    }

    private static async Task<string> SayAsync(ServiceProcess program, params string[] arguments)
    {
        var (exitCode, output, errors) = await program.RunAsync(arguments);
        Assert.True(exitCode == 0, output + errors);
        return output;
    }

    private static async Task<IReadOnlyList<object[]>> RowsAsync(NpgsqlConnection database, string sql)
    {
        await using var command = database.CreateCommand();
#pragma warning disable CA2100 // The SQL is written here.
        command.CommandText = sql;
#pragma warning restore CA2100
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
}
