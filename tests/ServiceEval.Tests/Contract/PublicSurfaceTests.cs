using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceEval.Tests.Contract;

public sealed class PublicSurfaceTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_interface_is_the_one_that_was_approved()
    {
        await using var host = await TestHost.StartAsync();
        var document = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json", Ct))!.AsObject();
        // These parts name the port and the program of this test run.
        document.Remove("servers");
        document.Remove("info");
        Approved.AssertSame("openapi.v1.json", document.ToJsonString(Indented) + "\n");
    }

    [Fact]
    public async Task The_routes_are_those_that_were_approved()
    {
        await using var host = await TestHost.StartAsync();
        Approved.AssertSame("routes.txt", string.Join('\n', host.Routes()) + "\n");
    }

    [Fact]
    public async Task Every_route_has_exactly_one_policy()
    {
        await using var host = await TestHost.StartAsync();
        string[] policies = ["public", "loopback", "report-readers"];
        Assert.All(
            host.Routes(),
            route =>
                Assert.True(
                    policies.Contains(route.Split(' ')[2]),
                    $"The route {route} must have one policy, such as .Public() or .OnlyFromThisMachine()."
                )
        );
    }
}
