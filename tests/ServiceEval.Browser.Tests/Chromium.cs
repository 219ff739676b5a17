using System.Collections.Concurrent;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ServiceEval.Browser.Tests.Chromium))]

namespace ServiceEval.Browser.Tests;

/// <summary>The system's Chromium, one for the run; every test has a context of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // A step that a busy machine delays is late, not wrong.
    private const float Patience = 30_000;

    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-gpu-rasterization",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly ConcurrentDictionary<string, IBrowserContext> _open = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Tools.Find("chromium"), Args = Arguments }
        );
    }

    /// <summary>A fresh page on the device, whose paths are relative to the host's address.</summary>
    public async Task<IPage> OpenAsync(TestHost host, Device device)
    {
        // A collection runs one test after another, so its last page is done with; left open it would go on asking a
        // host that is gone.
        var collection = TestContext.Current.TestCollection!.UniqueID;
        if (_open.TryRemove(collection, out var last))
            await last.DisposeAsync();
        var context = _open[collection] = await _browser.NewContextAsync(device.Options(host.Address));
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
