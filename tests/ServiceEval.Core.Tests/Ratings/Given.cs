using System.Globalization;
using System.Security.Cryptography;
using ServiceEval.Core.Ratings;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Ratings;

/// <summary>Requests as the intake makes them, one second apart.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Guid Id(int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"019a0000-0000-7000-8000-{number:x12}"));

    public static GiveRating Rating(
        int number,
        Grade grade = Grade.Satisfied,
        RatingDetail? detail = null,
        long? device = null
    ) => Rating(Id(number), grade, Start.AddSeconds(number), detail, device);

    public static GiveRating Rating(
        Guid id,
        Grade grade = Grade.Satisfied,
        DateTimeOffset? at = null,
        RatingDetail? detail = null,
        long? device = null
    ) =>
        new(
            Core.Ratings.Rating.Give(
                id,
                1,
                departmentId: 3,
                Tier.Printed,
                Channel.Qr,
                grade,
                at ?? Start,
                Zone,
                at ?? Start,
                SHA256.HashData(id.ToByteArray())
            ),
            detail,
            device
        );

    public static ImportRating Import(int number, Grade grade, RatingDetail? detail = null) =>
        new(
            Core.Ratings.Rating.Give(
                Id(number),
                1,
                departmentId: 3,
                Tier.Imported,
                Channel.Paper,
                grade,
                Start.AddSeconds(number),
                Zone,
                Start.AddSeconds(number),
                SHA256.HashData(BitConverter.GetBytes(number))
            ),
            detail
        );

    public static RatingDetail Detail(
        int number,
        Grade grade,
        int item = 0,
        string[]? tags = null,
        string? comment = null
    ) => RatingDetail.Of(Id(number), grade, item, item == 0 ? 0 : 3, tags ?? [], comment, Start);

    public static async Task<CommitResult> CommitAsync(TestDatabase database, params IReadOnlyList<LogRequest> requests)
    {
        var store = database.NewStore();
        await using var owned = (IAsyncDisposable)store;
        return await store.CommitAsync(requests, Ct);
    }
}
