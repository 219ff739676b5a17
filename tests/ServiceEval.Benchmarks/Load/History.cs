using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Sqlite;

namespace ServiceEval.Benchmarks.Load;

/// <summary>
/// A year of ratings that the product's own writer writes: 30 windows and 200 items. Three in ten have an item and a
/// tag, one in fifty is corrected. They are given in the nine hours in which a hall is open.
/// </summary>
internal static class History
{
    private const int Windows = 30;
    private const int Items = 200;
    private const int OpenHours = 9;

    /// <summary>A Friday.</summary>
    public static readonly DateTimeOffset LastDay = new(2026, 11, 20, 0, 0, 0, TimeSpan.FromHours(8));

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly string[] FirstTags = ["510", "406", "307", "207", "108"];

    /// <summary>Writes a ledger whose blocks are signed. No server has the key.</summary>
    public static async Task WriteSignedAsync(string databasePath, int count, int perBlock, Action<int> progress)
    {
        using var key = SigningKey.Create();
        await WriteAsync(
            databasePath,
            new LedgerAuthor("benchmark", _ => [key]),
            count,
            perBlock,
            LastDay,
            365,
            progress
        );
    }

    /// <summary>
    /// Writes a ledger whose blocks are not signed, so that a server continues it as it continues an old database.
    /// </summary>
    public static Task WriteAsync(
        string databasePath,
        int count,
        int perBlock,
        DateTimeOffset lastDay,
        int days,
        Action<int> progress
    ) => WriteAsync(databasePath, null, count, perBlock, lastDay, days, progress);

    /// <param name="perBlock">The number of ratings in a group commit.</param>
    /// <param name="days">The number of days up to the last day. Each day gets an equal share of the ratings.</param>
    /// <param name="progress">Receives the number of ratings written so far.</param>
    private static async Task WriteAsync(
        string databasePath,
        LedgerAuthor? author,
        int count,
        int perBlock,
        DateTimeOffset lastDay,
        int days,
        Action<int> progress
    )
    {
        var random = new Random(1);
        var clock = new Clock();
        await using var writer = new SqliteWriter(
            new SqliteConnectionStringBuilder { DataSource = databasePath, Pooling = false }.ToString(),
            author,
            clock
        );
        for (var at = 0; at < count; at += perBlock)
        {
            var requests = new List<LogRequest>();
            // All ratings of a commit arrived at the same time.
            var day = days * (double)at / count;
            clock.Now = Time(lastDay.AddDays(1 - days), day);
            for (var i = at; i < Math.Min(at + perBlock, count); i++)
                requests.AddRange(One(random, lastDay.AddDays(1 - days), day));
            await writer.CommitAsync(requests, CancellationToken.None);
            if (at / perBlock % 1000 == 0)
                progress(at);
        }
    }

    private static DateTimeOffset Time(DateTimeOffset first, double day) =>
        first.AddDays(Math.Floor(day)).AddHours(9 + (day - Math.Floor(day)) * OpenHours);

    /// <param name="day">The days since the first day. The fraction is the time within the opening hours.</param>
    private static IEnumerable<LogRequest> One(Random random, DateTimeOffset first, double day)
    {
        var at = Time(first, day);
        var grade = (Grade)(1 + Math.Min(random.Next(7), 4));
        var rating = Rating.Give(
            Guid.CreateVersion7(at),
            1 + random.Next(Windows),
            0,
            Tier.Printed,
            Channel.Qr,
            grade,
            at,
            Zone,
            at,
            RandomNumberGenerator.GetBytes(32)
        );
        var detail =
            random.Next(10) < 3
                ? RatingDetail.Of(
                    rating.Id,
                    grade,
                    1 + random.Next(Items),
                    1,
                    [$"{int.Parse(FirstTags[(int)grade - 1], null) + random.Next(8)}"],
                    null,
                    at
                )
                : null;
        yield return new GiveRating(rating, detail);
        if (random.Next(50) == 0)
            yield return new GiveCorrection(
                rating.Id,
                grade == Grade.Satisfied ? Grade.Dissatisfied : Grade.Satisfied,
                at.AddSeconds(30)
            );
    }

    /// <summary>A clock that shows the time of the last rating of the batch.</summary>
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
