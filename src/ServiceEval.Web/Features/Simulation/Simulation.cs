using System.Text.RegularExpressions;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>
/// Citizens of a demonstration: each opens a window's page, taps a face, and now and then corrects it or adds tags, all
/// over HTTP. The same seed gives the same citizens. They come at any hour, so that the screen moves also at night.
/// </summary>
internal sealed partial class Simulation(
    DirectorySnapshot directory,
    IReadOnlyList<HallEntry> halls,
    Uri server,
    int seed
) : IDisposable
{
    // Plausible shares of citizens who say more.
    private const double Correcting = 0.02;
    private const double Detailing = 0.3;

    private readonly Citizens _citizens = new(halls, seed);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(10),
    };

    private int _stored;
    private int _refused;

    public int Stored => Volatile.Read(ref _stored);
    public int Refused => Volatile.Read(ref _refused);

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// Sends citizens at <paramref name="rate"/> a second until the time is up or it is cancelled; beside them a clerk,
    /// if there is one.
    /// </summary>
    /// <exception cref="StartException">No server answers.</exception>
    public async Task RunAsync(
        double rate,
        TimeSpan duration,
        WindowEntry? stuffed,
        TimeProvider time,
        CancellationToken ct
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var clerk = stuffed is null ? Task.CompletedTask : StuffAsync(stuffed, time, end.Token);
        try
        {
            await RateAsync(rate, duration, time, ct);
        }
        finally
        {
            await end.CancelAsync();
            await clerk.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (clerk.IsFaulted)
            await clerk;
    }

    /// <summary>Citizens, one after another, each with a phone of their own.</summary>
    private async Task RateAsync(double rate, TimeSpan duration, TimeProvider time, CancellationToken ct)
    {
        var random = Draws.For(seed, "citizens");
        var start = time.GetTimestamp();
        for (var i = 0; time.GetElapsedTime(start) < duration; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate) - time.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
                await Task.Delay(due, time, ct);
            var window = _citizens.PickWindow(random);
            await RateAsync(new Phone(_client), window, _citizens.Character(window).DrawGrade(random), random, ct);
        }
    }

    /// <summary>Bursts of the best grade from one phone.</summary>
    private async Task StuffAsync(WindowEntry window, TimeProvider time, CancellationToken ct)
    {
        var random = Draws.For(seed, "stuffing");
        var phone = new Phone(_client);
        while (true)
        {
            foreach (var gap in Stuffing.Gaps(random))
            {
                await Task.Delay(TimeSpan.FromSeconds(gap), time, ct);
                await CountAsync(async () => await GiveAsync(phone, window, Grade.VerySatisfied, ct) is not null, ct);
            }
            await Task.Delay(TimeSpan.FromSeconds(random.Next(60, 180)), time, ct);
        }
    }

    private Task RateAsync(Phone phone, WindowEntry window, Grade grade, Random random, CancellationToken ct) =>
        CountAsync(
            async () =>
            {
                var (corrects, details) = (random.NextDouble() < Correcting, random.NextDouble() < Detailing);
                if (await GiveAsync(phone, window, grade, ct) is not { } thanks)
                    return false;
                if (corrects)
                {
                    grade = grade == Grade.Satisfied ? Grade.VerySatisfied : Grade.Satisfied;
                    await phone.PostAsync($"{thanks}/correction", [new("grade", Words.Wire(grade))], ct);
                }
                if (details)
                {
                    var fields = new List<KeyValuePair<string, string>>
                    {
                        new("tags", random.Pick([.. directory.Tags.Where(t => t.Grade == grade)]).Code),
                    };
                    if (Citizens.PickItem(window, random) is { } item)
                        fields.Add(new("item", item.Code));
                    await phone.PostAsync(thanks, fields, ct);
                }
                return true;
            },
            ct
        );

    /// <summary>Opens the page and taps a face; the path of the thanks page, or null if it was refused.</summary>
    private static async Task<string?> GiveAsync(Phone phone, WindowEntry window, Grade grade, CancellationToken ct)
    {
        var path = $"/w/{window.Window.Code}";
        var ticket = TicketField().Match(await phone.OpenAsync(path, ct)).Groups[1].Value;
        return await phone.PostAsync(path, [new("ticket", ticket), new("grade", Words.Wire(grade))], ct);
    }

    private async Task CountAsync(Func<Task<bool>> give, CancellationToken ct)
    {
        try
        {
            if (await give())
                Interlocked.Increment(ref _stored);
            else
                Interlocked.Increment(ref _refused);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // Both are stopped together often enough, and then the server may be the first to go.
            ct.ThrowIfCancellationRequested();
            throw new StartException($"{server} 没有应答（{e.Message}）。请先用 ./run.sh 启动服务，再模拟。", e);
        }
    }

    [GeneratedRegex("name=\"?ticket\"?\\s+value=\"?([A-Za-z0-9_-]{64})")]
    private static partial Regex TicketField();
}
