using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using ServiceEval.Core.Ratings;
using ServiceEval.Web;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Hosting;

public sealed class LogsTests
{
    private const string Words = "窗口的人让我先去找熟人";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void An_event_id_means_one_message()
    {
        var ids = typeof(Program)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .ToList();

        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(message => message.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task Logs_name_no_receipt_no_ticket_and_no_word_of_a_citizen_also_where_requests_fail(string format)
    {
        using var folder = new Folder();
        await using (var seed = ProgramRun.Start(folder.Path, "seed minimal"))
            Assert.Equal(0, await seed.ExitAsync());
        await using var windows = ProgramRun.Start(folder.Path, "windows --json");
        Assert.Equal(0, await windows.ExitAsync());
        var windowCode = JsonDocument.Parse(windows.Output).RootElement[0].GetProperty("code").GetString()!;

        var address = $"http://127.0.0.1:{ProgramRun.FreePort()}";
        await using var server = ProgramRun.Start(
            folder.Path,
            "serve",
            ("ASPNETCORE_URLS", address),
            ("ServiceEval__LogFormat", format),
            ("ServiceEval__LogDirectory", "logs")
        );
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.ServingAsync(client);
        var ticket = await TicketAsync(client, windowCode);
        using var given = await client.PostAsJsonAsync(
            "/api/v1/ratings",
            new
            {
                ticket,
                grade = "dissatisfied",
                comment = Words,
            },
            Ct
        );
        var receipt = (await TestHost.ReadAsync<RatingResponse>(given, System.Net.HttpStatusCode.Created)).Receipt;

        var other = await TicketAsync(client, windowCode);
        await LoseTheRatingsAsync(folder.Path);
        foreach (var path in (string[])[$"/r/{receipt}", $"/R/{receipt}?lang=en", $"/api/v1/receipts/{receipt}"])
            await client.GetAsync(path, Ct);
        using var detail = new FormUrlEncodedContent([new("comment", Words)]);
        await client.PostAsync($"/r/{receipt}", detail, Ct);
        using var correction = new FormUrlEncodedContent([new("grade", "satisfied")]);
        await client.PostAsync($"/r/{receipt}/correction", correction, Ct);
        await client.PostAsJsonAsync(
            "/api/v1/ratings",
            new
            {
                ticket = other,
                grade = "dissatisfied",
                comment = Words,
            },
            Ct
        );
        using var tap = new FormUrlEncodedContent([new("ticket", other), new("grade", "satisfied")]);
        await client.PostAsync($"/w/{windowCode}", tap, Ct);
        Assert.Equal(
            System.Net.HttpStatusCode.ServiceUnavailable,
            (await client.GetAsync("/api/v1/halls/example/board", Ct)).StatusCode
        );
        server.Signal("TERM");
        await server.ExitAsync();

        var file = await File.ReadAllTextAsync(
            Assert.Single(Directory.EnumerateFiles(Path.Combine(folder.Path, "logs"))),
            Ct
        );
        foreach (var log in (string[])[server.Output + server.Errors, file])
        {
            Assert.Contains("no such table", log, StringComparison.Ordinal);
            foreach (var secret in (string[])[receipt, ticket, other, Words])
                Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
            // An exception that nothing caught is logged once, with its route.
            Assert.Equal(1, log.Split("/api/v1/halls/{hall}/board").Length - 1);
        }
    }

    private static async Task<string> TicketAsync(HttpClient client, string windowCode)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
        return (await TestHost.ReadAsync<TicketResponse>(response, System.Net.HttpStatusCode.Created)).Ticket;
    }

    private static async Task LoseTheRatingsAsync(string directory)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(directory, "data", "serviceeval.db")};Pooling=False"
        );
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "ALTER TABLE Ratings RENAME TO Lost; ALTER TABLE BoardReleases RENAME TO LostReleases;";
        await command.ExecuteNonQueryAsync(Ct);
    }
}
