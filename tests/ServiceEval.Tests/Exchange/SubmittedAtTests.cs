using ServiceEval.Web.Features.Exchange;

namespace ServiceEval.Tests.Exchange;

public sealed class SubmittedAtTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Theory]
    [InlineData("2025-03-03 9:12")]
    [InlineData("2025-03-03 09:12:00.0")]
    [InlineData("2025-03-03 09:12:00.000")]
    [InlineData("2025-3-3 9:12:00")]
    [InlineData("2025/3/3 9:12")]
    [InlineData("2025/03/03 09:12:00")]
    [InlineData("2025.3.3 9:12")]
    [InlineData("2025年3月3日 9:12")]
    [InlineData("2025年03月03日 09:12:00")]
    [InlineData("2025年3月3日 9时12分")]
    [InlineData("2025年3月3日9时12分00秒")]
    [InlineData("2025/3/3 上午9:12")]
    [InlineData("2025/3/3 上午 9:12:00")]
    [InlineData("2025/3/3 9:12 AM")]
    [InlineData("2025/3/3  9:12")]
    [InlineData("２０２５/３/３　９：１２")]
    [InlineData("2025-03-03 01:12:00+00:00")]
    [InlineData("2025-03-03 09:12:00+08")]
    [InlineData("2025-03-03T09:12:00.0+08:00")]
    [InlineData("2025-03-03T01:12:00Z")]
    public void A_time_with_only_one_meaning_is_read(string text) =>
        Assert.Equal(
            (new DateTimeOffset(2025, 3, 3, 1, 12, 0, TimeSpan.Zero), null),
            (SubmittedAt.Read(text, Zone, Now).At?.ToUniversalTime(), SubmittedAt.Read(text, Zone, Now).Fault)
        );

    [Theory]
    [InlineData("2025/3/3 下午2:05:07", "2025-03-03T14:05:07")]
    [InlineData("2025/3/3 上午12:30", "2025-03-03T00:30:00")]
    [InlineData("2025/3/3 下午12:30", "2025-03-03T12:30:00")]
    public void Halves_of_the_day_are_as_Excel_has_them(string text, string wall) =>
        Assert.Equal(wall, $"{SubmittedAt.Read(text, Zone, Now).At:yyyy-MM-dd'T'HH:mm:ss}");

    [Theory]
    [InlineData("3/4/2025 9:12")]
    [InlineData("25/3/4 9:12")]
    [InlineData("2025/3/3")]
    [InlineData("2025年3月3日")]
    [InlineData("9:12")]
    [InlineData("2025-03-03T10:00:00")]
    [InlineData("2025/3/310:12")]
    [InlineData("2025/3/3 上午14:30")]
    [InlineData("2025-02-29 9:12")]
    [InlineData("45719.4")]
    public void A_time_with_several_meanings_is_refused(string text) =>
        Assert.Contains("不是时间", SubmittedAt.Read(text, Zone, Now).Fault, StringComparison.Ordinal);
}
