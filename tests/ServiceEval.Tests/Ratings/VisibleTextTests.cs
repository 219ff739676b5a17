using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Exchange;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>
/// Invisible characters are not stored and are no reason to refuse a text. Characters that change the look of the text
/// stay.
/// </summary>
public sealed class VisibleTextTests(VisibleTextTests.Shared shared) : IClassFixture<VisibleTextTests.Shared>
{
    private TestHost Host => shared.Host;

    public static TheoryData<string, string> Texts =>
        new()
        {
            { "电话\u202D13800000000\u202C请回", "电话13800000000请回" },
            { "\u202E反了\u2066倒\u2069\u200F\u061C", "反了倒" },
            { "办\u200B事\u2060慢\uFEFF", "办事慢" },
            { "排\u00AD队\u200D久\u200C了", "排队久了" },
            { "b\u001Bc\u0007\u0085d", "bc\nd" },
            { "一\r\n二\r三\u2028四\u2029五\n六", "一\n二\n三\n四\n五\n六" },
            { "藏\U000E0041\U000E0042字\U000E007F", "藏字" },
            { "\uFFF9注\uFFFA释\uFFFB", "注释" },
            { "填\u3164充\u115F\u1160\uFFA0\u2800\uFFFC了", "填充了" },
            { "合\u034F字\u2061\u206A", "合字" },
            { "\uFE0F好\uFE0F\uFE0F\U000E0100", "好\uFE0F" },
            {
                "👨\u200D👩\u200D👧 ❤\uFE0F\u200D🔥 🏳\uFE0F\u200D🌈 👩🏽\u200D⚕\uFE0F 1\uFE0F\u20E3",
                "👨\u200D👩\u200D👧 ❤\uFE0F\u200D🔥 🏳\uFE0F\u200D🌈 👩🏽\u200D⚕\uFE0F 1\uFE0F\u20E3"
            },
            { "葛\U000E0100先生", "葛\U000E0100先生" },
            { "ᠮᠣᠩᠭᠣᠯ\u180Eᠠ ᠪᠢ\u180B", "ᠮᠣᠩᠭᠣᠯ\u180Eᠠ ᠪᠢ\u180B" },
            { "می\u200Cخواهم \u0600", "می\u200Cخواهم \u0600" },
            { "\t制表\t符 ", "制表\t符" },
            { "𠀀é＋", "𠀀é＋" },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_comment_is_stored_as_it_is_seen(string typed, string stored)
    {
        using var given = await Host.PostRatingAsync(
            new
            {
                ticket = (await Host.TicketAsync()).Ticket,
                grade = "satisfied",
                comment = typed,
            }
        );
        Assert.Equal(System.Net.HttpStatusCode.Created, given.StatusCode);
        Assert.Equal(stored, await LastCommentAsync());

        var thanks = await TapAsync(Host, Grade.Dissatisfied);
        using var added = await PostAsync(Host, thanks, ("comment", typed));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, added.StatusCode);
        Assert.Equal(stored, await LastCommentAsync());
    }

    [Fact]
    public async Task A_null_character_of_a_program_is_removed_like_any_other()
    {
        using var given = await Host.PostRatingAsync(
            new
            {
                ticket = (await Host.TicketAsync()).Ticket,
                grade = "satisfied",
                comment = "a\0b",
            }
        );
        Assert.Equal("ab", await LastCommentAsync());
    }

    [Fact]
    public async Task A_comment_of_invisible_characters_says_nothing()
    {
        const string nothing = "\u200B\u202D \u202C\uFEFF\u3164\uFE0F\u001B\u3000\r\n";
        var before = await Host.CountAsync("RatingDetails");
        using var given = await Host.PostRatingAsync(
            new
            {
                ticket = (await Host.TicketAsync()).Ticket,
                grade = "satisfied",
                comment = nothing,
            }
        );
        using var added = await PostAsync(Host, await TapAsync(Host, Grade.Satisfied), ("comment", nothing));

        Assert.Equal((201, 400), ((int)given.StatusCode, (int)added.StatusCode));
        Assert.Contains("还没有填写内容", await TextAsync(added), StringComparison.Ordinal);
        Assert.Equal(before, await Host.CountAsync("RatingDetails"));
    }

    [Fact]
    public async Task Only_what_is_seen_counts_against_the_length()
    {
        using var added = await PostAsync(
            Host,
            await TapAsync(Host, Grade.Satisfied),
            ("comment", string.Concat(Enumerable.Repeat("好\u200B", 500)))
        );
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, added.StatusCode);
        Assert.Equal(new string('好', 500), await LastCommentAsync());
    }

    [Fact]
    public async Task A_search_ignores_invisible_characters()
    {
        using var found = await PostAsync(
            Host,
            await TapAsync(Host, Grade.Satisfied),
            ("q", "\u202D退\u200B休\u202C"),
            ("search", "1")
        );
        Assert.Contains("职工正常退休（职）申请", await TextAsync(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_comment_is_cleaned_alike()
    {
        await using var host = await TestHost.StartAsync();
        var (exitCode, output, errors) = await host.ImportAsync(
            Importing.Csv([
                new OldRow("A-1", Comment: "\u202E办\u200B得快"),
                new OldRow("A-2", Comment: "\u200B\u3164"),
            ])
        );

        Assert.True(exitCode == 0, output + errors);
        Assert.Equal(
            ["办得快"],
            (await host.QueryAsync("SELECT Comment FROM RatingDetails WHERE Comment IS NOT NULL")).Select(r =>
                (string)r[0]!
            )
        );
    }

    private async Task<string?> LastCommentAsync() =>
        (string?)(await Host.QueryAsync("SELECT Comment FROM RatingDetails ORDER BY Block DESC LIMIT 1"))[0][0];

    public sealed class Shared : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await TestHost.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
