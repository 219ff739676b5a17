using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration.Attributes;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Simulation;

/// <summary>The sample county in its own directory, and the histories that <c>simulate</c> writes for it.</summary>
public sealed class SampleCounty : IAsyncLifetime
{
    public const string FirstHall = "puyang";

    /// <summary>A Sunday. The four weeks before it are the whole weeks 23 to 26.</summary>
    private const string Until = "2025-06-29";

    private readonly Folder _folder = new();
    private Dictionary<string, (string Hall, string Number, string Kind)> _windows = [];
    private int _files;

    public async ValueTask InitializeAsync()
    {
        await CommandAsync("seed", "puyang");
        _windows = JsonDocument
            .Parse(await CommandAsync("windows", "--json"))
            .RootElement.EnumerateArray()
            .ToDictionary(w => Text(w, "code"), w => (Text(w, "hall"), Text(w, "number"), Text(w, "kind")));

        static string Text(JsonElement window, string name) => window.GetProperty(name).GetString()!;
    }

    /// <summary>Returns four weeks.</summary>
    public async Task<IReadOnlyList<Line>> HistoryAsync(params string[] options)
    {
        using var reader = new StreamReader(await FileAsync(options));
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        return [.. csv.GetRecords<Row>().Select(row => Read(row))];
    }

    /// <summary>Returns the path of a file with four weeks.</summary>
    public async Task<string> FileAsync(params string[] options)
    {
        var path = Path.Combine(_folder.Path, $"{Interlocked.Increment(ref _files)}.csv");
        await CommandAsync(["simulate", "--history", "4w", "--until", Until, "--out", path, .. options]);
        return path;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> CommandAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await TestHost.CommandInAsync(_folder.Path, arguments);
        Assert.True(exitCode == 0, errors);
        return output;
    }

    private Line Read(Row row)
    {
        var (hall, number, kind) = _windows[row.WindowCode];
        return new(
            hall,
            number,
            kind == "selfService",
            row.ItemCode,
            row.Channel,
            row.Grade,
            DateTime.ParseExact(row.SubmittedAt, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            row.Comment
        );
    }

    public sealed record Line(
        string Hall,
        string Number,
        bool IsSelfService,
        string Item,
        string Channel,
        string Grade,
        DateTime Time,
        string Comment
    )
    {
        public bool IsBad => Grade is "dissatisfied" or "veryDissatisfied";
        public int Week => ISOWeek.GetWeekOfYear(Time);
    }

    private sealed class Row
    {
        [Name("windowCode")]
        public string WindowCode { get; init; } = "";

        [Name("itemCode")]
        public string ItemCode { get; init; } = "";

        [Name("channel")]
        public string Channel { get; init; } = "";

        [Name("grade")]
        public string Grade { get; init; } = "";

        [Name("submittedAt")]
        public string SubmittedAt { get; init; } = "";

        [Name("comment")]
        public string Comment { get; init; } = "";
    }
}
