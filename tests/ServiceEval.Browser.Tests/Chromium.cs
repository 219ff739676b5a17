using System.Collections.Concurrent;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ServiceEval.Browser.Tests.Chromium))]

namespace ServiceEval.Browser.Tests;

/// <summary>
/// The system's Chromium. One process serves the whole run. Every test has its own browser context in it.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    // A step may be late on a busy machine. That is no fault.
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

    /// <summary>Opens a new page on the device. Its paths are relative to the host's address.</summary>
    public async Task<IPage> OpenAsync(TestHost host, Device device)
    {
        // The tests of a collection run one after another, so the last page of the collection is not needed any more.
        // If it stayed open, it would send requests to a host that has stopped.
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
