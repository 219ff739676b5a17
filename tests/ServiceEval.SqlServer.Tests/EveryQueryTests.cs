using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Exchange;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Upkeep;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Nodes;
using ServiceEval.Web.Http;
using ServiceEval.Web.Mail;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Checks all SQL of EF Core as SQL Server would receive it from a host that is used for a week.</summary>
public sealed class EveryQueryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_the_product_asks_or_saves_is_T_SQL_on_the_migrated_schema_and_no_place_is_left_out()
    {
        IReadOnlyList<Captured> captured;
        await using (var host = await MirroredHost.StartAsync())
        {
            await ADayAsync(host);
            await ACorrectionAfterMidnightAsync(host);
            await SeedingAgainAsync(host);
            await AWeekLaterAsync(host);
            await MailsAsync(host);
            await AnImportAsync(host);
            await ARegionAsync(host);
            await NodesAsync(host);
            await TheDoctorAsync(host);
            captured = host.Mirror.Captured;
        }

        AssertNone(NotReached(captured));
        AssertNone(MigratedSchema.FaultsOf(captured.DistinctBy(c => (c.Sql, c.Parameters))));
        // A list of texts in OPENJSON would have the database's collation, and no key column has that collation.
        Assert.DoesNotContain(captured, c => c.Sql.Contains("OPENJSON", StringComparison.Ordinal));
    }

    private static async Task ADayAsync(MirroredHost host)
    {
        using var health = await host.Client.GetAsync("/healthz/ready", Ct);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        var windows = host.Part<HallDirectory>().Current.Halls[0].Windows;
        var first = await RateAsync(host, windows[0].Window.Code, "satisfied");
        var bad = await RateAsync(host, windows[1].Window.Code, "dissatisfied", ["207"], "等了两小时");
        await PostAsync(host, $"/r/{first.Receipt}/correction", ("grade", "dissatisfied"));
        await PostAsync(host, $"/r/{first.Receipt}", ("comment", "还是不行"));
        using var receipt = await host.Client.GetAsync($"/api/v1/receipts/{first.Receipt}", Ct);
        Assert.Equal("dissatisfied", (await ReadAsync(receipt)).GetProperty("grade").GetString());

        // Store two ratings of one phone at one window.
        var store = host.Part<IRatingStore>();
        foreach (var minute in (int[])[1, 2])
            await store.CommitAsync(
                [
                    new GiveRating(
                        Rated(windows[0], Grade.Satisfied, MirroredHost.Start.AddMinutes(minute)),
                        null,
                        Device: 7
                    ),
                ],
                Ct
            );

        var (hall, releases) = (host.Part<HallDirectory>().Current.Halls[0], host.Part<BoardReleases>());
        await releases.ReleaseAsync(hall, Ct);
        using var board = await host.Client.GetAsync($"/api/v1/halls/{hall.Code}/board", Ct);
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/halls/{hall.Code}/board")
        {
            Headers = { IfNoneMatch = { board.Headers.ETag! } },
        };
        using var same = await host.Client.SendAsync(asked, Ct);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (board.StatusCode, same.StatusCode));
        await store.CommitAsync(
            [
                new GiveRating(Rated(windows[0], Grade.Satisfied, MirroredHost.Start.AddMinutes(3)), null),
                new GiveRating(Rated(windows[1], Grade.Satisfied, MirroredHost.Start.AddMinutes(3)), null),
            ],
            Ct
        );
        // Another node releases first.
        host.Gate.Before = () => releases.ReleaseAsync(hall, Ct);
        await releases.ReleaseAsync(hall, Ct);

        // Send a ticket that has expired and was used.
        host.Clock.Advance(TimeSpan.FromHours(1));
        using var again = await host.Client.PostAsJsonAsync(
            "/api/v1/ratings",
            new { ticket = bad.Ticket, grade = "dissatisfied" },
            Ct
        );
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    /// <summary>
    /// Corrects a rating on the next date. The rating was released on the date before, the correction is released on
    /// the next one.
    /// </summary>
    private static async Task ACorrectionAfterMidnightAsync(MirroredHost host)
    {
        var (hall, store, releases) = (
            host.Part<HallDirectory>().Current.Halls[0],
            host.Part<IRatingStore>(),
            host.Part<BoardReleases>()
        );
        var rating = Rated(hall.Windows[1], Grade.VerySatisfied, MirroredHost.Start.AddHours(2));
        await store.CommitAsync([new GiveRating(rating, null)], Ct);
        await releases.ReleaseAsync(hall, Ct);
        await store.CommitAsync([new GiveCorrection(rating.Id, Grade.VeryDissatisfied, rating.ReceivedAt)], Ct);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await store.CommitAsync(
            [new GiveRating(Rated(hall.Windows[1], Grade.Satisfied, MirroredHost.Start.AddDays(1)), null)],
            Ct
        );
        await releases.ReleaseAsync(hall, Ct);
    }

    private static async Task SeedingAgainAsync(MirroredHost host)
    {
        foreach (
            var change in (string[])
                ["Departments SET Name", "Halls SET Name", "Windows SET Name", "ServiceItems SET Name", "Tags SET Text"]
        )
            await host.ExecuteAsync($"UPDATE {change} = 'x'");
        await host.ExecuteAsync("UPDATE WindowItems SET Rank = 99");
        await host.Part<Seeding>().SeedAsync("minimal", Ct);
        await host.Part<Seeding>().SeedAsync("puyang", Ct);
        // A hall that is in another region than the set says needs a date to move.
        await host.ExecuteAsync("UPDATE HallPlacements SET RegionId = 1");
        await Assert.ThrowsAsync<OperatorException>(() => host.Part<Seeding>().SeedAsync("puyang", Ct));
        var directory = host.Part<HallDirectory>();
        await directory.RefreshAsync(Ct);
        await HallCommands.ChangeAsync(
            host.Gate,
            directory.Current.Halls[0].Windows[0].Window.Code,
            (db, window) => HallCommands.Revoke(db, window, host.Clock),
            Ct
        );
        await directory.RefreshAsync(Ct);
    }

    private static async Task AWeekLaterAsync(MirroredHost host)
    {
        var (shelf, week) = (host.Part<ReportShelf>(), new IsoWeek(2026, 46));
        host.Clock.Advance(new DateTimeOffset(2026, 11, 16, 0, 0, 0, TimeSpan.Zero) - host.Clock.GetUtcNow());
        var county = ReportScope.Root(host.Part<HallDirectory>().Current);
        var report = await shelf.EnsureAsync(county, week, Ct);
        await host.Part<IRatingStore>()
            .CommitAsync(
                [new GiveRating(Rated(county.Windows.First(), Grade.Satisfied, MirroredHost.Start.AddHours(2)), null)],
                Ct
            );
        report = await shelf.EnsureAsync(county, week, Ct);
        Assert.Equal(2, report.Version);
        await shelf.CompileProvisionalAsync(county, week, Ct);
        Assert.NotNull(await shelf.FindAsync(new ReportId(report.Scope, report.Week, report.Version), Ct));
        Assert.NotEmpty(await shelf.ListAsync(10, Ct));
        Assert.NotNull(await shelf.FirstDateAsync(Ct));
        Assert.NotEmpty(await host.Part<QuoteTexts>().ReadAsync(WeeklyReport.Parse(report.Json), Ct));
        Assert.Equal(2, await host.Part<ExpiredMarks>().RemoveAsync(new DateOnly(2027, 1, 1), Ct));
    }

    private static async Task MailsAsync(MirroredHost host)
    {
        var outbox = host.Part<MailOutbox>();
        await host.Part<NewMails>().MakeAsync(Ct);
        foreach (var version in (int[])[7, 8])
            await outbox.AddAsync(
                [
                    new ReportMail
                    {
                        Scope = "county",
                        Week = "2026-W46",
                        Version = version,
                        Recipient = "li@example.gov.cn",
                        At = host.Clock.GetUtcNow(),
                    },
                ],
                Ct
            );
        await outbox.DueAsync(Ct);
        var mail = new ReportMail
        {
            Scope = "county",
            Week = "2026-W46",
            Version = 8,
            Recipient = "li@example.gov.cn",
            At = host.Clock.GetUtcNow(),
        };
        await outbox.ClaimAsync(mail, Ct);
        await outbox.NoteAsync(mail, MailOutcome.Later("忙"));
        await outbox.PostponeAsync("连不上", Ct);
        Assert.NotNull(await host.Part<MailViews>().ReadAsync(Ct));
    }

    private static async Task AnImportAsync(MirroredHost host)
    {
        var lease = new ImportLease(host.Gate, host.Clock, "old");
        await lease.RenewAsync(Ct);
        host.Clock.Advance(TimeSpan.FromSeconds(20));
        await lease.RenewAsync(Ct);
        await lease.EndAsync();

        await new MadeUpPast(host.Part<IWriteGate>()).ImportAsync(() => Task.CompletedTask, Ct);
        await host.Part<HallDirectory>().RefreshAsync(Ct);
        using var board = await host.Client.GetAsync(
            $"/api/v1/halls/{host.Part<HallDirectory>().Current.Halls[0].Code}/board",
            Ct
        );
        Assert.Equal(HttpStatusCode.OK, board.StatusCode);
    }

    /// <summary>Reads the boards of the root and of a region below it. Both show a made-up past.</summary>
    private static async Task ARegionAsync(MirroredHost host)
    {
        const string Township = "410928999000";
        await host.ExecuteAsync(
            $"INSERT INTO Regions (Code, Name, ShortName, Level, ParentId) VALUES ('{Township}', '镇', '镇', 4, 1)"
        );
        await host.ExecuteAsync(
            $"""
            INSERT INTO HallPlacements (HallId, "From", RegionId)
            SELECT 1, 20260101, Id FROM Regions WHERE Code = '{Township}'
            """
        );
        await host.ExecuteAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(Ct);
        foreach (var region in (string[])["county", Township])
        {
            var path = $"/api/v1/regions/{region}/board";
            // The publisher may release between the two requests.
            var answer = HttpStatusCode.OK;
            for (var attempt = 0; attempt < 20 && answer != HttpStatusCode.NotModified; attempt++)
                answer = await AskAgainAsync(host, path);
            Assert.Equal(HttpStatusCode.NotModified, answer);
        }
    }

    private static async Task<HttpStatusCode> AskAgainAsync(MirroredHost host, string path)
    {
        using var board = await host.Client.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, board.StatusCode);
        using var asked = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { IfNoneMatch = { board.Headers.ETag! } },
        };
        using var same = await host.Client.SendAsync(asked, Ct);
        return same.StatusCode;
    }

    /// <summary>
    /// Runs a heartbeat, checks a node that may have ended, and creates keys on two nodes at the same time.
    /// </summary>
    private static async Task NodesAsync(MirroredHost host)
    {
        var nodes = host.Part<NodeRegistry>();
        await nodes.BeatAsync(Ct);
        Assert.False(await NodeWatch.BeatsAsync(host.Part<IDbContextFactory<ServiceEvalDb>>(), 7, 0, Ct));
        await nodes.StopAsync(Ct);

        var table = new TicketKeyTable(host.Part<IDbContextFactory<ServiceEvalDb>>());
        Assert.True(table.IsMissing);
        // A node asks for admission, and the serving node admits it.
        using var key = SigningKey.Create();
        var other = ActivatorUtilities.CreateInstance<NodeAuthorship>(
            host.Services,
            new LedgerAuthor("other", _ => [key])
        );
        await other.TurnAsync(Ct);
        await host.Part<NodeAuthorship>().TurnAsync(Ct);
        Assert.Equal(2, (await LedgerKeyCommands.KeysAsync(host.Services, Ct)).Count);

        TicketKey Key(int id) => new(id, new byte[TicketKey.SecretLength], host.Clock.GetUtcNow());
        table.Extend(_ => table.Extend(_ => [Key(1), Key(2)]).Count == 2 ? [Key(1)] : []);
        Assert.Equal(2, table.Load().Count);
    }

    /// <summary>Runs every check that reads the database, as on a server.</summary>
    private static async Task TheDoctorAsync(MirroredHost host)
    {
        await using var server = new MirroredServer(host.Part<DatabaseEngine>(), host.Part<IReadSnapshot>());
        await host.ExecuteAsync("DELETE FROM Reports");
        foreach (var check in host.Part<IEnumerable<Check>>().Select(c => c.GetType()))
        {
            var asks = check
                .GetConstructors()
                .Single()
                .GetParameters()
                .Any(p => p.ParameterType == typeof(DatabaseEngine));
            if (asks)
                await ((Check)ActivatorUtilities.CreateInstance(host.Services, check, server)).ExamineAsync(
                    new Findings(),
                    Ct
                );
        }
    }

    /// <summary>Returns places in the source whose statement sent fewer queries than it contains.</summary>
    private static List<string> NotReached(IReadOnlyList<Captured> captured)
    {
        var reached = captured.Select(c => c.Site).Distinct().ToLookup(s => (s.File, s.Line));
        return
        [
            .. Sources
                .Asking()
                .Where(s => !OfOneDatabase(s.File))
                .GroupBy(s => (s.File, s.Line))
                .Where(statement => reached[statement.Key].Count() < statement.Count())
                .Select(statement =>
                    $"{statement.First()}: reached {reached[statement.Key].Count()} times of {statement.Count()}"
                ),
        ];
    }

    /// <summary>Asserts that there are no faults, and shows all of them if there are any.</summary>
    private static void AssertNone(IReadOnlyList<string> faults) =>
        Assert.True(faults.Count == 0, string.Join('\n', faults));

    private static bool OfOneDatabase(string file) =>
        Path.GetFileName(file)
            is "VolatileStorage.cs"
                or "BackupWriter.cs"
                or "NightlyFiles.cs"
                or "SqliteEngine.cs"
                or "PostgreSqlEngine.cs"
                or "SqlServerEngine.cs";

    private static Rating Rated(WindowEntry window, Grade grade, DateTimeOffset at) =>
        Rating.Give(
            Guid.CreateVersion7(at),
            window.Id,
            window.Window.DepartmentId ?? 0,
            Tier.Printed,
            Channel.Qr,
            grade,
            at,
            window.Hall.Zone,
            at,
            new byte[32]
        );

    private static async Task<(string Ticket, string Receipt)> RateAsync(
        MirroredHost host,
        string windowCode,
        string grade,
        string[]? tags = null,
        string? comment = null
    )
    {
        using var issued = await host.Client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
        var ticket = (await ReadAsync(issued)).GetProperty("ticket").GetString()!;
        using var stored = await host.Client.PostAsJsonAsync(
            "/api/v1/ratings",
            new
            {
                ticket,
                grade,
                tags,
                comment,
            },
            Ct
        );
        return (ticket, (await ReadAsync(stored)).GetProperty("receipt").GetString()!);
    }

    private static async Task PostAsync(MirroredHost host, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))
        );
        using var response = await host.Client.PostAsync(path, form, Ct);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }
}
