using System.Text.RegularExpressions;
using ServiceEval.Core;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>
/// Simulates citizens for a demonstration, over HTTP. Each citizen opens a window's page and taps a face. Some then
/// correct the grade or add tags. The same seed gives the same citizens. They come at any hour, so that the screen
/// changes at night too.
/// </summary>
internal sealed partial class Simulation(
    DirectorySnapshot directory,
    IReadOnlyList<HallEntry> halls,
    Uri server,
    int seed
) : IDisposable
{
    // Plausible shares of citizens who correct or add details.
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
    /// Sends <paramref name="rate"/> citizens a second until the duration is over or the run is cancelled. If a stuffed
    /// window is given, a clerk stuffs ratings at the same time.
    /// </summary>
    /// <exception cref="OperatorException">No server answers.</exception>
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

    /// <summary>Sends the citizens one after another, each with their own phone.</summary>
    private async Task RateAsync(double rate, TimeSpan duration, TimeProvider time, CancellationToken ct)
    {
        var random = Draws.For(seed, "citizens");
        var start = time.GetTimestamp();
        var due = TimeSpan.Zero;
        while (time.GetElapsedTime(start) < duration)
        {
            if (due - time.GetElapsedTime(start) is var early && early > TimeSpan.Zero)
                await Task.Delay(early, time, ct);
            var (window, phone) = (_citizens.PickWindow(random), new Phone(_client));
            await RateAsync(phone, window, _citizens.Character(window).DrawGrade(random), random, ct);
            due += TimeSpan.FromSeconds(1 / rate);
            if (phone.RetryAfter is not { } pause)
                continue;
            // Nobody comes before the run ends or the server accepts requests again. The missed citizens do not come
            // later, because they would come all at once.
            var rest = duration - time.GetElapsedTime(start);
            var endsFirst = pause >= rest;
            var wait = endsFirst ? rest : pause;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, ct);
            // A timer can fire a moment early.
            if (endsFirst)
                return;
            due = time.GetElapsedTime(start);
        }
    }

    /// <summary>Sends bursts of the best grade from one phone.</summary>
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
                await Task.Delay(phone.RetryAfter ?? TimeSpan.Zero, time, ct);
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

    /// <summary>
    /// Opens the window's page and taps a face. Returns the path of the thanks page, or null if the server refused the
    /// rating.
    /// </summary>
    private static async Task<string?> GiveAsync(Phone phone, WindowEntry window, Grade grade, CancellationToken ct)
    {
        var path = $"/w/{window.Window.Code}";
        if (await phone.OpenAsync(path, ct) is not { } page)
            return null;
        var ticket = TicketField().Match(page).Groups[1].Value;
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
            // Simulation and server are often stopped together, and the server may stop first. That is not an error.
            ct.ThrowIfCancellationRequested();
            throw new OperatorException($"{server} 没有应答（{e.Message}）。请先用 ./run.sh 启动服务，再模拟。", e);
        }
    }

    [GeneratedRegex("name=\"?ticket\"?\\s+value=\"?([A-Za-z0-9_-]{64})")]
    private static partial Regex TicketField();
}
