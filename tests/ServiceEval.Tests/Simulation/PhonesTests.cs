using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Simulation;

public sealed class PhonesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_citizen_has_a_phone_of_their_own_and_the_stuffing_clerk_keeps_one()
    {
        await using var host = await TestHost.StartAsync();
        var clerksWindow = (await host.WindowCodesAsync())[1];
        await using var site = new MarkingSite();
        await site.App.StartAsync(Ct);
        await using var simulate = ProgramRun.Start(
            host.DataDirectory,
            "simulate --rate 3 --stuffing 2",
            ("ServiceEval__DataDirectory", host.DataDirectory),
            ("ASPNETCORE_URLS", site.App.Urls.First())
        );

        await simulate.UntilAsync(() =>
            simulate.HasExited || site.Given.CountBy(g => g.Phone).Any(p => p.Value >= 3) && site.Given.Count >= 20
        );
        simulate.Signal("INT");

        Assert.Equal(0, await simulate.ExitAsync());
        Assert.DoesNotContain(site.Given, g => g.Phone.Length == 0);
        var repeated = Assert.Single(site.Given.GroupBy(g => g.Phone), phone => phone.Count() > 1);
        Assert.All(repeated, g => Assert.Equal((clerksWindow, "verySatisfied"), (g.Window, g.Grade)));
    }

    [Fact]
    public async Task The_clerks_bursts_are_stored_like_any_rating()
    {
        await using var host = await TestHost.StartAsync();
        await using var simulate = ProgramRun.Start(
            host.DataDirectory,
            "simulate --rate 0.01 --stuffing 2",
            ("ServiceEval__DataDirectory", host.DataDirectory),
            ("ASPNETCORE_URLS", host.Address.ToString())
        );

        await simulate.UntilAsync(async () => simulate.HasExited || await host.CountAsync("Ratings") >= 4);
        simulate.Signal("INT");

        Assert.Equal(0, await simulate.ExitAsync());
        Assert.Matches("已保存 [4-9] 条评价，未被接受 0 条。", simulate.Errors);
    }

    [Fact]
    public async Task A_service_that_refuses_is_asked_again_only_after_the_time_it_states()
    {
        await using var host = await TestHost.StartAsync();
        await using var site = new MarkingSite { IsBusy = true };
        await site.App.StartAsync(Ct);
        await using var simulate = ProgramRun.Start(
            host.DataDirectory,
            "simulate --rate 100 --for 2s",
            ("ServiceEval__DataDirectory", host.DataDirectory),
            ("ASPNETCORE_URLS", site.App.Urls.First())
        );

        Assert.Equal(0, await simulate.ExitAsync());
        Assert.Contains("已保存 0 条评价，未被接受 1 条。", simulate.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moment_without_service_ends_no_simulation()
    {
        await using var host = await TestHost.StartAsync();
        await using var site = new MarkingSite { IsBusy = true, RetryAfter = "0" };
        await site.App.StartAsync(Ct);
        await using var simulate = ProgramRun.Start(
            host.DataDirectory,
            "simulate --rate 20",
            ("ServiceEval__DataDirectory", host.DataDirectory),
            ("ASPNETCORE_URLS", site.App.Urls.First())
        );

        await simulate.UntilAsync(() => simulate.HasExited || site.Refused > 2);
        site.IsBusy = false;
        await simulate.UntilAsync(() => simulate.HasExited || !site.Given.IsEmpty);
        simulate.Signal("INT");

        Assert.Equal(0, await simulate.ExitAsync());
        Assert.NotEmpty(site.Given);
    }

    /// <summary>A service that gives a mark to each new phone and records which phone gave which rating.</summary>
    private sealed class MarkingSite : IAsyncDisposable
    {
        private int _phones;
        private int _refused;

        public MarkingSite()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            App = builder.Build();
            App.Use(
                async (http, next) =>
                {
                    if (!IsBusy)
                    {
                        await next(http);
                        return;
                    }
                    Interlocked.Increment(ref _refused);
                    http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    http.Response.Headers.RetryAfter = RetryAfter;
                }
            );
            App.UseRouting();
            App.MapGet(
                "/w/{code}",
                (HttpContext http) =>
                {
                    if (!http.Request.Cookies.ContainsKey("phone"))
                        http.Response.Cookies.Append(
                            "phone",
                            Interlocked.Increment(ref _phones).ToString(CultureInfo.InvariantCulture),
                            new CookieOptions
                            {
                                HttpOnly = true,
                                Path = "/w",
                                SameSite = SameSiteMode.Lax,
                                MaxAge = TimeSpan.FromDays(1),
                            }
                        );
                    return Results.Content($"<input name=\"ticket\" value=\"{new string('t', 64)}\">", "text/html");
                }
            );
            App.MapPost(
                "/w/{code}",
                async (string code, HttpContext http) =>
                {
                    var form = await http.Request.ReadFormAsync(Ct);
                    Given.Add((code, form["grade"].ToString(), http.Request.Cookies["phone"] ?? ""));
                    http.Response.Headers.Location = "/r/receipt?lang=zh";
                    return Results.StatusCode(StatusCodes.Status303SeeOther);
                }
            );
            App.MapPost("/r/{**rest}", () => Results.StatusCode(StatusCodes.Status303SeeOther));
        }

        public WebApplication App { get; }
        public bool IsBusy { get; set; }
        public string RetryAfter { get; init; } = "3600";
        public int Refused => Volatile.Read(ref _refused);
        public ConcurrentBag<(string Window, string Grade, string Phone)> Given { get; } = [];

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
