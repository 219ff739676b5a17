using System.Globalization;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the rows a second that <c>import ratings</c> appends while the host takes 50 ratings a second, the time
/// that these ratings wait, and the memory that the import needs more than a command that does nothing. The figure also
/// has the same import without other ratings.
/// </summary>
internal static class ImportFigure
{
    private const int PerSecond = 50;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);
    private static readonly DateTime FirstDay = new(2025, 1, 1);
    private static readonly string[] Grades =
    [
        "verySatisfied",
        "satisfied",
        "basicallySatisfied",
        "dissatisfied",
        "veryDissatisfied",
    ];
    private static readonly string[] Channels = ["qr", "mobile", "tablet", "pc", "terminal"];

    public static async Task RunAsync(int rows, bool json)
    {
        var (alone, _, _) = await ImportAsync(rows, rating: false);
        var (loaded, quiet, during) = await ImportAsync(rows, rating: true);
        await using var idle = await Installation.CreateAsync();
        var nothing = await VerbProcess.RunAsync(idle, "migrate");
        var (perSecond, perSecondAlone) = (rows / loaded.Seconds, rows / alone.Seconds);
        Figure.Print(
            new
            {
                name = "import",
                ratio = Figure.Round(perSecond / perSecondAlone),
                rows,
                perSecond = Math.Round(perSecond),
                perSecondAlone = Math.Round(perSecondAlone),
                ratingsPerSecond = PerSecond,
                during!.Answers,
                during.P50,
                during.P99,
                during.Max,
                during.Others,
                p99Before = quiet!.P99,
                peakMegabytes = loaded.PeakMegabytes,
                extraMegabytes = Math.Round(loaded.PeakMegabytes - nothing.PeakMegabytes, 1),
            },
            json
        );
    }

    private static async Task<(VerbRun Import, FixedRateResult? Before, FixedRateResult? During)> ImportAsync(
        int rows,
        bool rating
    )
    {
        await using var installation = await Installation.CreateAsync();
        var path = Path.Combine(installation.DataDirectory, "ratings.csv");
        await WriteAsync(path, rows, installation);
        Figure.Say($"import: {rows:N0} rows, {(rating ? $"{PerSecond} ratings a second" : "nobody rating")}");
        if (!rating)
            return (
                await VerbProcess.RunAsync(installation, "import", "ratings", path, "--source", "benchmark"),
                null,
                null
            );

        await using var host = await ServerProcess.HostAsync(installation);
        var windows = (await installation.WindowsAsync()).Select(w => w.Id).ToList();
        IEnumerable<string> Tickets(TimeSpan time) =>
            Requests.Tickets((int)(PerSecond * time.TotalSeconds), windows, installation.Issuer);
        await FixedRate.RunAsync(host.Address, Tickets(WarmUp), PerSecond, Task.Delay(Longest));
        var before = await FixedRate.RunAsync(host.Address, Tickets(WarmUp), PerSecond, Task.Delay(Longest));
        Figure.Say($"import: before it {before}");

        var import = VerbProcess.RunAsync(installation, "import", "ratings", path, "--source", "benchmark");
        var during = await FixedRate.RunAsync(host.Address, Tickets(Longest), PerSecond, import);
        Figure.Say($"import: during it {during}");
        var run = await import;
        var stored = await installation.NumberAsync("""SELECT COUNT(*) FROM "Ratings" """);
        var expected = rows + before.Answers + during.Answers + (int)(PerSecond * WarmUp.TotalSeconds);
        if (stored != expected)
            throw new InvalidOperationException($"{expected} ratings were acknowledged, {stored} are stored.");
        await installation.CommandAsync("verify");
        return (run, before, during);
    }

    /// <summary>
    /// Writes a year of one hall's ratings in the order in which an older system numbered them: three in ten with an
    /// item, one in twenty with a comment.
    /// </summary>
    private static async Task WriteAsync(string path, int rows, Installation installation)
    {
        var random = new Random(1);
        var windows = await installation.WindowsAsync();
        var items = await installation.ReadAsync(
            "SELECT Code FROM ServiceItems ORDER BY Id LIMIT 200",
            row =>
            {
                var codes = new List<string>();
                while (row.Read())
                    codes.Add(row.GetString(0));
                return codes;
            }
        );
        await using var file = new StreamWriter(path);
        await file.WriteLineAsync("externalId,windowCode,itemCode,channel,grade,submittedAt,comment");
        for (var i = 0; i < rows; i++)
        {
            var day = 365.0 * i / rows;
            var at = FirstDay.AddDays((int)day).AddHours(9 + 9 * (day - (int)day));
            await file.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"HCP2025{i:D8},{windows[random.Next(windows.Count)].Code},{(random.Next(10) < 3 ? items[random.Next(items.Count)] : "")},{Channels[random.Next(Channels.Length)]},{Grades[Math.Min(random.Next(9), 4)]},{at:yyyy-MM-dd HH:mm:ss},{(random.Next(20) == 0 ? "窗口人员很耐心，一次办好" : "")}"
                )
            );
        }
    }
}
