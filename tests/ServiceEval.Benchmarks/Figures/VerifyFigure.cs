using System.Diagnostics;
using Microsoft.Data.Sqlite;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Sqlite;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the time of <c>verify</c> ÷ the time to read the same rows in the order of their keys and to hash each row.
/// Also measures the memory of the command in a process of its own.
/// </summary>
internal static class VerifyFigure
{
    public const int UsualRatings = 300_000;

    private const int PerBlock = 100;
    private const int Rounds = 5;

    public static async Task RunAsync(int ratings, bool json)
    {
        await using var installation = await Installation.CreateAsync();
        await History.WriteSignedAsync(
            installation.DatabasePath,
            ratings,
            PerBlock,
            n => Figure.Say($"verify: {n:N0} of {ratings:N0} ratings written")
        );
        var connectionString = $"Data Source={installation.DatabasePath};Pooling=False";

        var rounds = new List<(double Verify, double Baseline)>();
        // A round with millions of ratings takes minutes.
        var count = ratings > UsualRatings ? 1 : Rounds;
        for (var i = 0; i <= count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var rows = ReadAndHash(connectionString);
            var baseline = Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            var result = await new Verification(new SqliteLedgerReader(connectionString)).RunAsync(
                [],
                null,
                CancellationToken.None
            );
            var verify = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (!result.Ok || result.Ratings != ratings)
                throw new InvalidOperationException($"{result.Ratings} ratings, {result.Faults.Count} faults.");
            Figure.Say(
                $"verify: {verify:N2} s, reading and hashing {rows:N0} rows {baseline:N2} s, ratio {verify / baseline:N2}{(i == 0 ? " (warm-up)" : "")}"
            );
            if (i > 0)
                rounds.Add((verify, baseline));
        }
        var process = await VerbProcess.RunAsync(installation, "verify");
        Figure.Print(
            new
            {
                name = "verify",
                ratio = Figure.Round(Figure.Median(rounds.Select(r => r.Verify / r.Baseline))),
                seconds = Figure.Round(Figure.Median(rounds.Select(r => r.Verify))),
                ratings,
                peakMegabytes = process.PeakMegabytes,
            },
            json
        );
    }

    private static int ReadAndHash(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        var rows = Read(
            connection,
            "SELECT Id, WindowId, DepartmentId, Tier, Channel, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf FROM Ratings ORDER BY Id",
            row =>
                LeafEncoding.Of(
                    Rating.Restore(
                        new Guid((byte[])row[0], bigEndian: true),
                        row.GetInt32(1),
                        row.GetInt32(2),
                        (Tier)row.GetByte(3),
                        (Channel)row.GetByte(4),
                        Standing.Counted,
                        (Grade)row.GetByte(5),
                        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
                        Date(row.GetInt32(7)),
                        row.GetByte(8),
                        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
                        (byte[])row[10],
                        (byte[])row[11]
                    )
                )
        );
        rows += Read(
            connection,
            "SELECT RatingId, ReplacedGrade, Grade, CorrectedAt FROM Corrections ORDER BY RatingId",
            row =>
                LeafEncoding.Of(
                    new Correction
                    {
                        RatingId = new Guid((byte[])row[0], bigEndian: true),
                        ReplacedGrade = (Grade)row.GetByte(1),
                        Grade = (Grade)row.GetByte(2),
                        CorrectedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                    }
                )
        );
        return rows
            + Read(
                connection,
                "SELECT RatingId, Grade, ItemId, DepartmentId, Tags, GivenAt FROM RatingDetails ORDER BY RatingId, Grade",
                row =>
                    LeafEncoding.Of(
                        new RatingDetail
                        {
                            RatingId = new Guid((byte[])row[0], bigEndian: true),
                            Grade = (Grade)row.GetByte(1),
                            ItemId = row.GetInt32(2),
                            DepartmentId = row.GetInt32(3),
                            Tags = row.GetString(4),
                            GivenAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
                        }
                    )
            );
    }

    private static int Read(SqliteConnection connection, string sql, Func<SqliteDataReader, byte[]> hash)
    {
        using var command = new SqliteCommand(sql, connection);
        using var row = command.ExecuteReader();
        var rows = 0;
        for (; row.Read(); rows++)
            hash(row);
        return rows;
    }

    private static DateOnly Date(int number) => new(number / 10_000, number / 100 % 100, number % 100);
}
