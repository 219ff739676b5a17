using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Tests.Hosting;

/// <summary>Meters have one name in the whole process, so no other host may run at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneHostAtATime
{
    public const string Name = "one host at a time";
}

[Collection(OneHostAtATime.Name)]
public sealed class TelemetryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ratings_commits_screens_and_jobs_are_counted_in_Prometheus_text()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await using var screen = new HubConnectionBuilder().WithUrl(new Uri(host.Address, "/hubs/board")).Build();
        var released = new TaskCompletionSource();
        screen.On<object>("Released", _ => released.TrySetResult());
        await screen.StartAsync(Ct);
        await screen.InvokeAsync<object>("Watch", TestHost.Hall, Ct);
        await host.RateAsync();
        await host.RateAsync(Grade.Dissatisfied);
        using var refused = await host.PostRatingAsync(new { ticket = "nonsense", grade = "satisfied" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await released.Task.WaitAsync(Ct);

        var metrics = await host.Client.GetStringAsync("/metrics", Ct);

        AssertValue(metrics, "serviceeval_ratings_total", "outcome=\"stored\"", "2");
        AssertValue(metrics, "serviceeval_ratings_total", "outcome=\"ticket-invalid\"", "1");
        AssertValue(metrics, "serviceeval_log_batch_count", "", "2");
        AssertValue(metrics, "serviceeval_log_commit_duration_seconds_count", "", "2");
        AssertValue(metrics, "serviceeval_log_queue", "", "0");
        AssertValue(metrics, "serviceeval_board_screens", "", "1");
        Assert.Contains("serviceeval_board_lag_seconds_count", metrics, StringComparison.Ordinal);
        Assert.Contains("serviceeval_job_lag_seconds", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_through_a_proxy_gets_no_metrics()
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var response = await host.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Traces_go_to_the_collector_that_is_named_and_bear_no_receipt_no_code_and_no_word_of_a_citizen()
    {
        const string Words = "planted-words-of-a-citizen";
        var received = new MemoryStream();
        await using var collector = await CollectorAsync(received);
        var code = "";
        var receipt = "";
        await using (
            var host = await TestHost.StartAsync(
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            )
        )
        {
            code = (await host.WindowCodesAsync())[0];
            receipt = (await host.RateAsync()).Receipt;
            await host.Client.GetAsync($"/r/{receipt}?lang=en", Ct);
            await host.Client.GetAsync($"/w/{code}", Ct);
            using var detail = await host.PostFormAsync($"/r/{receipt}", ("comment", Words));
            await host.Client.GetAsync($"/nowhere/{receipt}", Ct);
        }

        var sent = Encoding.Latin1.GetString(received.ToArray());
        foreach (var route in (string[])["/r/{receipt}", "/w/{code}", "/api/v1/ratings", "serviceeval.ratings"])
            Assert.Contains(route, sent, StringComparison.Ordinal);
        foreach (var secret in (string[])[receipt, code, Words])
            Assert.DoesNotContain(secret, sent, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertValue(string metrics, string name, string label, string value) =>
        Assert.Contains(
            metrics.Split('\n'),
            line =>
                line.StartsWith(name, StringComparison.Ordinal)
                && line.Contains(label, StringComparison.Ordinal)
                && line.Split(' ')[1] == value
        );

    /// <summary>Starts a collector that takes everything that is posted to it.</summary>
    private static async Task<WebApplication> CollectorAsync(MemoryStream received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost(
            "/{**path}",
            async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                lock (received)
                    received.Write(body.ToArray());
            }
        );
        await app.StartAsync(Ct);
        return app;
    }
}
