using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>
/// Citizens of a demonstration: each opens a window's page, taps a face, and now and then corrects it or adds tags, all
/// over HTTP. The same seed gives the same citizens.
/// </summary>
public sealed partial class Simulation(DirectorySnapshot directory, Uri server, int seed) : IDisposable
{
    // Plausible shares of the five grades, and of citizens who say more.
    private static readonly (Grade Grade, double Share)[] Moods =
        [(Grade.VerySatisfied, 0.62), (Grade.Satisfied, 0.22), (Grade.BasicallySatisfied, 0.09), (Grade.Dissatisfied, 0.04), (Grade.VeryDissatisfied, 0.03)];
    private const double Correcting = 0.02;
    private const double Detailing = 0.3;

    private readonly Random _random = new(seed);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(10),
    };

    public int Stored { get; private set; }
    public int Refused { get; private set; }

    public void Dispose() => _client.Dispose();

    /// <summary>Sends citizens at <paramref name="rate"/> a second, one after another, until the time is up or it is cancelled.</summary>
    /// <exception cref="StartException">No server answers.</exception>
    public async Task RunAsync(HallEntry? hall, double rate, TimeSpan duration, TimeProvider time, CancellationToken ct)
    {
        var windows = Weighted(hall is null ? directory.Halls : [hall]);
        var start = time.GetTimestamp();
        for (var i = 0; time.GetElapsedTime(start) < duration; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate) - time.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due, time, ct);
            try
            {
                if (await RateAsync(Pick(windows), ct)) Stored++;
                else Refused++;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Both are stopped together often enough, and then the server may be the first to go.
                ct.ThrowIfCancellationRequested();
                throw new StartException($"{server} 没有应答（{e.Message}）。请先用 ./run.sh 启动服务，再模拟。", e);
            }
        }
    }

    private async Task<bool> RateAsync(WindowEntry window, CancellationToken ct)
    {
        var grade = Moods[0].Grade;
        var mood = _random.NextDouble();
        foreach (var (candidate, share) in Moods)
        {
            grade = candidate;
            if ((mood -= share) < 0) break;
        }
        var (corrects, details) = (_random.NextDouble() < Correcting, _random.NextDouble() < Detailing);

        var page = await _client.GetStringAsync($"/w/{window.Window.Code}", ct);
        var ticket = TicketField().Match(page).Groups[1].Value;
        var thanks = await PostAsync($"/w/{window.Window.Code}", [new("ticket", ticket), new("grade", Words.Wire(grade))], ct);
        if (thanks is null) return false;

        if (corrects)
        {
            grade = grade == Grade.Satisfied ? Grade.VerySatisfied : Grade.Satisfied;
            await PostAsync($"{thanks}/correction", [new("grade", Words.Wire(grade))], ct);
        }
        if (details)
        {
            var tags = directory.Tags.Where(t => t.Grade == grade).ToList();
            var fields = new List<KeyValuePair<string, string>> { new("tags", tags[_random.Next(tags.Count)].Code) };
            if (window.CommonestItems.Count > 0) fields.Add(new("item", window.CommonestItems[_random.Next(window.CommonestItems.Count)].Code));
            await PostAsync(thanks, fields, ct);
        }
        return true;
    }

    /// <summary>Posts a form as a browser does; the place it is sent on to, or null if it was refused.</summary>
    private async Task<string?> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(fields);
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var response = await _client.PostAsync(path, form, ct);
        return response.StatusCode == HttpStatusCode.SeeOther ? response.Headers.Location?.ToString().Split('?')[0] : null;
    }

    /// <summary>The first hall has most visitors, and in every hall the first windows do.</summary>
    private static List<(WindowEntry Window, double Weight)> Weighted(IReadOnlyList<HallEntry> halls) =>
        [.. halls.SelectMany((hall, h) => hall.Windows.Where(w => w.IsActive).Select((window, w) => (window, 1.0 / ((h == 0 ? 1 : 40) * (w + 2)))))];

    private WindowEntry Pick(List<(WindowEntry Window, double Weight)> windows)
    {
        var at = _random.NextDouble() * windows.Sum(w => w.Weight);
        foreach (var (window, weight) in windows)
        {
            if ((at -= weight) < 0) return window;
        }
        return windows[^1].Window;
    }

    [GeneratedRegex("name=\"?ticket\"?\\s+value=\"?([A-Za-z0-9_-]{64})")]
    private static partial Regex TicketField();
}
