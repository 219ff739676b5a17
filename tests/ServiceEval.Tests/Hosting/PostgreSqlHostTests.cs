using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ServiceEval.TestDatabases;
using ServiceEval.Tests.Boards;
using ServiceEval.Tests.Exchange;
using ServiceEval.Web.Features.Ratings;

[assembly: AssemblyFixture(typeof(Databases))]

namespace ServiceEval.Tests.Hosting;

/// <summary>Runs the program on PostgreSQL as an operator does.</summary>
public sealed class PostgreSqlHostTests(Databases databases)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_an_empty_database_to_a_verified_week()
    {
        using var folder = new Folder();
        var server = await databases.PostgreSqlAsync();
        var connectionString = await server.CreateBareDatabaseAsync();
        await SayAsync(folder, connectionString, "migrate");
        await SayAsync(folder, connectionString, "seed", "minimal");
        await SayAsync(folder, connectionString, "seed", "minimal");
        var code = JsonDocument
            .Parse(await SayAsync(folder, connectionString, "windows", "--json"))
            .RootElement[0]
            .GetProperty("code")
            .GetString()!;

        await using (
            var serving = await Program(folder, connectionString)
                .With("ServiceEval__Boards__BatchSize", "1")
                .ServeAsync()
        )
        {
            await RateAsync(serving.Client, code, "satisfied");
            var given = await RateAsync(serving.Client, code, "dissatisfied", ["207"], "等了两小时");
            using var receipt = await serving.Client.GetAsync($"/api/v1/receipts/{given.Receipt}", Ct);
            Assert.Equal(
                "dissatisfied",
                (await TestHost.ReadAsync<JsonElement>(receipt)).GetProperty("grade").GetString()
            );
            var board = await Screen.AskAsync(serving.Client, b => b.N == 2);
            Assert.Equal((2, 1, 2), (board.N, board.Good, board.ReceivedToday));

            // An operator imports history while the host serves.
            var csv = Importing.Csv(300).Replace("{window}", code, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, "old.csv"), csv, Ct);
            Assert.Contains(
                "300",
                await SayAsync(folder, connectionString, "import", "ratings", "old.csv", "--source", "old"),
                StringComparison.Ordinal
            );
            await SayAsync(folder, connectionString, "import", "ratings", "old.csv", "--source", "old");
        }

        await SayAsync(folder, connectionString, "report", "weekly", "--week", "2025-W02", "--out", "reports");
        var file = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "reports"), "*.json"));
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file, Ct));
        Assert.Equal(168, report.RootElement.GetProperty("n").GetInt32());
        Assert.Contains(
            "核验通过：302 条评价",
            await SayAsync(folder, connectionString, "verify"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("windows")]
    public async Task A_server_that_nobody_has_migrated_stops_every_verb_but_migrate(string verb)
    {
        using var folder = new Folder();
        var connectionString = await (await databases.PostgreSqlAsync()).CreateBareDatabaseAsync();
        var (exitCode, output, errors) = await Program(folder, connectionString).RunAsync(verb);
        Assert.True(exitCode == 1, output + errors);
        Assert.Contains(
            "migrate",
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("windows")]
    [InlineData("verify")]
    public async Task A_server_that_is_not_there_is_one_sentence(string verb)
    {
        using var folder = new Folder();
        var (exitCode, output, errors) = await Program(
                folder,
                "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=secret"
            )
            .RunAsync(verb);
        Assert.True(exitCode == 1, output + errors);
        var sentence = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("连不上 PostgreSQL", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sentence, StringComparison.Ordinal);
    }

    private static ServiceProcess Program(Folder folder, string connectionString) =>
        new ServiceProcess(folder.Path)
            .With("ServiceEval__Database", "postgresql")
            .With("ConnectionStrings__ServiceEval", connectionString);

    private static async Task<string> SayAsync(Folder folder, string connectionString, params string[] arguments)
    {
        var (exitCode, output, errors) = await Program(folder, connectionString).RunAsync(arguments);
        Assert.True(exitCode == 0, output + errors);
        return output;
    }

    private static async Task<RatingResponse> RateAsync(
        HttpClient client,
        string windowCode,
        string grade,
        string[]? tags = null,
        string? comment = null
    )
    {
        using var issued = await client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
        var ticket = await TestHost.ReadAsync<TicketResponse>(issued, HttpStatusCode.Created);
        using var first = await client.PostAsJsonAsync(
            "/api/v1/ratings",
            new
            {
                ticket = ticket.Ticket,
                grade,
                tags,
                comment,
            },
            Ct
        );
        var stored = await TestHost.ReadAsync<RatingResponse>(first, HttpStatusCode.Created);
        using var second = await client.PostAsJsonAsync(
            "/api/v1/ratings",
            new
            {
                ticket = ticket.Ticket,
                grade,
                tags,
                comment,
            },
            Ct
        );
        Assert.Equal(stored, await TestHost.ReadAsync<RatingResponse>(second));
        return stored;
    }
}
