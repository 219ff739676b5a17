using System.Security.Cryptography;
using ServiceEval.Core.Boards;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ledger;

/// <summary>Tests four forgeries whose hashes are all correct.</summary>
public sealed class LawfulLookingTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_corrections_long_after_the_two_minutes_are_named()
    {
        await using var file = await LedgerFile.CreateAsync();
        await file.CommitAsync([.. Enumerable.Range(1, 100).Select(n => LedgerFile.Give(n, Grade.VeryDissatisfied))]);
        var later = LedgerFile.Start.AddDays(3);
        await new Forgery(file.Path, file.Key).AppendAsync(
            later,
            [
                .. Enumerable
                    .Range(1, 100)
                    .Select(n => Forgery.Correct(LedgerFile.Id(n), Grade.VeryDissatisfied, Grade.VerySatisfied, later)),
            ]
        );

        var faults = await file.FaultsAsync();

        Assert.Equal(
            Enumerable
                .Range(1, 100)
                .Select(n => new Fault(
                    FaultKind.Unlawful,
                    "Corrections",
                    LedgerFile.Id(n).ToString(),
                    2,
                    n - 1,
                    Rule: "correctionTime"
                )),
            faults
        );
    }

    [Fact]
    public async Task Five_hundred_invented_ratings_are_named_by_their_receipts()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        var at = TestHost.Start.AddMinutes(5);
        var invented = Enumerable
            .Range(0, 500)
            .Select(_ =>
                Rating.Give(
                    Guid.CreateVersion7(at),
                    1,
                    0,
                    Tier.Printed,
                    Channel.Qr,
                    Grade.VerySatisfied,
                    at,
                    Zone,
                    at,
                    RandomNumberGenerator.GetBytes(32)
                )
            )
            .ToList();
        await new Forgery(host.DatabasePath, host.Part<LedgerKeyFile>().Load()[^1]).AppendAsync(at, invented);

        var faults = (
            await new Verification(
                host.Part<ILedgerReader>(),
                receipts: new ReceiptRing(host.Part<TicketKeyStore>().Load())
            ).RunAsync([], null, Ct)
        ).Faults;

        Assert.Equal(
            invented
                .Select((r, i) => new Fault(FaultKind.Unlawful, "Ratings", r.Id.ToString(), 2, i, Rule: "receipt"))
                .OrderBy(f => f.Index),
            faults
        );
    }

    [Fact]
    public async Task A_hall_without_ratings_whose_screen_shows_800_is_named()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        var head = await file.HeadAsync();
        await new Forgery(file.Path, file.Key).WriteAsync(db =>
        {
            db.Add(
                new ReleasedDay
                {
                    WindowId = 9,
                    LocalDate = new(2026, 11, 18),
                    VerySatisfied = 800,
                }
            );
            db.Add(new BoardCursor { WindowId = 9, VerySatisfied = 800 });
            db.Add(
                new BoardRelease
                {
                    HallId = 2,
                    Version = 1,
                    ReleasedAt = LedgerFile.Start,
                    LedgerSequence = head.Sequence,
                    LedgerHash = head.Hash,
                }
            );
            return Task.CompletedTask;
        });
        Assert.Equal(
            new Fault(FaultKind.Tally, "BoardCursors", "9", null, null),
            Assert.Single(await file.FaultsAsync())
        );
    }

    [Fact]
    public async Task A_week_rewritten_by_corrections_of_imported_ratings_is_named_though_its_report_is_new()
    {
        await using var file = await LedgerFile.CreateAsync();
        var imported = Enumerable.Range(1, 20).Select(n => Import(n, Grade.Dissatisfied)).ToList();
        await file.CommitAsync([.. imported.Select(r => new ImportRating(r, null))]);
        await file.AddReportAsync(await file.HeadAsync());
        Assert.Empty(await file.FaultsAsync());

        var later = LedgerFile.Start.AddDays(5);
        await new Forgery(file.Path, file.Key).AppendAsync(
            later,
            [
                .. imported.Select(r =>
                    Forgery.Correct(r.Id, Grade.Dissatisfied, Grade.VerySatisfied, r.ReceivedAt.AddMinutes(1))
                ),
            ]
        );
        await file.TamperAsync("DELETE FROM Reports");
        await file.AddReportAsync(await file.HeadAsync());

        var faults = await file.FaultsAsync();
        Assert.Equal(
            imported.Select(r => r.Id.ToString()).Order(),
            faults.Where(f => f.Rule == "correctionTier").Select(f => f.Id).Order()
        );
        Assert.All(faults, f => Assert.Equal((FaultKind.Unlawful, "Corrections"), (f.Kind, f.Table)));
    }

    private static Rating Import(int number, Grade grade)
    {
        var id = LedgerFile.Id(number).ToByteArray(bigEndian: true);
        id[6] = (byte)(0x80 | id[6] & 0x0F);
        return Rating.Give(
            new Guid(id, bigEndian: true),
            1,
            3,
            Tier.Imported,
            Channel.Paper,
            grade,
            LedgerFile.Start.AddDays(-1),
            Zone,
            LedgerFile.Start,
            new byte[32]
        );
    }
}
