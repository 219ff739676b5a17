using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Places;

public sealed class SheetsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_sheets_of_a_hall_are_one_document_with_the_windows_that_take_ratings_in_order()
    {
        await using var host = await TestHost.StartAsync();
        var single = WebUtility.HtmlDecode(
            await host.Client.GetStringAsync($"/w/{(await host.WindowCodesAsync())[0]}/sheet", Ct)
        );
        var sheets = WebUtility.HtmlDecode(await host.Client.GetStringAsync("/h/example/sheets", Ct));
        Assert.Equal(["1", "2"], Regex.Matches(sheets, "<p class=\"number\">([^<]*)<").Select(m => m.Groups[1].Value));
        Assert.Contains(Sheet(single), sheets, StringComparison.Ordinal);

        await host.QueryAsync("UPDATE Windows SET Status = 2 WHERE Number = '1'");
        await host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(Ct);
        Assert.Equal(
            ["2"],
            Regex
                .Matches(await host.Client.GetStringAsync("/h/example/sheets", Ct), "<p class=\"number\">([^<]*)<")
                .Select(m => m.Groups[1].Value)
        );

        static string Sheet(string page) =>
            page[
                page.IndexOf("<main>", StringComparison.Ordinal)..(
                    page.IndexOf("</main>", StringComparison.Ordinal) + 7
                )
            ];
    }

    [Fact]
    public async Task An_unknown_hall_has_no_sheets()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync("/h/nowhere/sheets", Ct);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_hall_s_page_leads_there_on_this_machine_only()
    {
        await using var host = await TestHost.StartAsync();
        using var fromElsewhere = new HttpRequestMessage(HttpMethod.Get, "/h/example")
        {
            Headers = { { "X-Forwarded-For", "192.0.2.1" } },
        };
        using var response = await host.Client.SendAsync(fromElsewhere, Ct);

        Assert.DoesNotContain("/sheets", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains(
            "/h/example/sheets",
            await host.Client.GetStringAsync("/h/example", Ct),
            StringComparison.Ordinal
        );
    }
}
