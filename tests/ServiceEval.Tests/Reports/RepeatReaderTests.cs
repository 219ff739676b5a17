using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;
using ServiceEval.Tests.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports;

public sealed class RepeatReaderTests
{
    private static readonly DateOnly Wednesday = new(2026, 11, 18);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Grade.VerySatisfied)]
    [InlineData(Grade.VeryDissatisfied)]
    public async Task A_second_rating_from_one_phone_at_one_window_within_half_an_hour_is_listed(Grade grade)
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        using var phone = new Phone(host);
        using var other = new Phone(host);
        await phone.RateAsync(codes[0], grade);
        await phone.RateAsync(codes[1], grade);
        await other.RateAsync(codes[0], grade);
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        await phone.RateAsync(codes[0], grade);
        var second = await LastRatingAsync(host);
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        await other.RateAsync(codes[0], grade);

        var repeat = Assert.Single(await ReadAsync(host, Wednesday, Wednesday));
        Assert.Equal(new Repeat(second.Id, Group(second), grade, Standing.Counted), repeat);
    }

    [Fact]
    public async Task A_repeat_has_the_item_that_was_named_with_the_grade_in_force()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var item = host.Part<HallDirectory>().Current.Items[0];
        using var phone = new Phone(host);
        await phone.RateAsync(code);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var thanks = await phone.RateAsync(code, Grade.VerySatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        using (await phone.PostAsync(thanks, ("item", item.Code)))
            await phone.RateAsync(code);

        var repeats = await ReadAsync(host, Wednesday, Wednesday);
        Assert.Equal(
            [(0, 0), (item.DepartmentId, item.Id)],
            repeats.Select(r => (r.Group.DepartmentId, r.Group.ItemId)).Order()
        );
    }

    [Fact]
    public async Task The_grade_of_a_repeat_is_the_grade_in_force()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        await phone.RateAsync(code, Grade.VerySatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var thanks = await phone.RateAsync(code, Grade.VerySatisfied);
        using var corrected = await phone.PostAsync(thanks + "/correction", ("grade", "dissatisfied"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await phone.RateAsync(code, Grade.Satisfied);

        Assert.Equal(
            [Grade.Dissatisfied, Grade.Satisfied],
            (await ReadAsync(host, Wednesday, Wednesday)).Select(r => r.Grade)
        );
    }

    [Fact]
    public async Task Only_the_dates_asked_for_are_read_and_midnight_in_the_hall_parts_them()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        for (var day = 0; day < 3; day++)
        {
            // 23:50 in the hall.
            host.Clock.AdjustTime(new DateTimeOffset(2026, 11, 18 + day, 15, 50, 0, TimeSpan.Zero));
            await phone.RateAsync(code);
            await phone.RateAsync(code);
            host.Clock.Advance(TimeSpan.FromMinutes(15));
            await phone.RateAsync(code);
        }

        Assert.Equal(
            [Wednesday.AddDays(1)],
            (await ReadAsync(host, Wednesday.AddDays(1), Wednesday.AddDays(1))).Select(r => r.Group.LocalDate)
        );
        Assert.Equal(
            [Wednesday, Wednesday.AddDays(1), Wednesday.AddDays(2)],
            (await ReadAsync(host, Wednesday, Wednesday.AddDays(9))).Select(r => r.Group.LocalDate)
        );
        Assert.Empty(await ReadAsync(host, Wednesday.AddDays(4), Wednesday.AddDays(9)));
    }

    [Fact]
    public async Task Reading_repeats_searches_a_range_of_marks_and_finds_rows_by_their_key()
    {
        await using var host = await TestHost.StartAsync();
        var plan = new PlanOfEveryQuery();
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite($"Data Source={host.DatabasePath}").AddInterceptors(plan);
        await using var db = new ServiceEvalDb((DbContextOptions<ServiceEvalDb>)options.Options);
        await RepeatReader.ReadAsync(db, Wednesday, Wednesday.AddDays(6), Ct);

        Assert.Contains("SEARCH d USING PRIMARY KEY (LocalDate>? AND LocalDate<?)", plan.Steps);
        // d1 contains only the rows in the date range.
        Assert.All(
            plan.Steps.Except(["CO-ROUTINE d1", "SCAN d1"]),
            step => Assert.Matches("^SEARCH .* USING PRIMARY KEY", step)
        );
    }

    private static RatingGroup Group(Rating rating) =>
        new(rating.LocalDate, rating.WindowId, rating.Channel, rating.Tier, rating.DepartmentId, ItemId: 0);

    private static Task<IReadOnlyList<Repeat>> ReadAsync(TestHost host, DateOnly from, DateOnly to) =>
        host.Part<IReadSnapshot>().ReadAsync((db, ct) => RepeatReader.ReadAsync(db, from, to, ct), Ct);

    private static async Task<Rating> LastRatingAsync(TestHost host) =>
        await host.Part<IReadSnapshot>()
            .ReadAsync((db, ct) => db.Ratings.AsNoTracking().OrderByDescending(r => r.Block).FirstAsync(ct), Ct);

    /// <summary>Records SQLite's query plan of each query.</summary>
    private sealed class PlanOfEveryQuery : DbCommandInterceptor
    {
        public List<string> Steps { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            var query = command.CommandText;
            command.CommandText = "EXPLAIN QUERY PLAN " + query;
            await using (var plan = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await plan.ReadAsync(cancellationToken))
                    Steps.Add(plan.GetString(3));
            }
            command.CommandText = query;
            return result;
        }
    }
}
