using System.Text;
using System.Text.Json;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Exchange;

/// <summary>A row as an older system writes it. The import fills in its window.</summary>
internal sealed record OldRow(
    string ExternalId = "A-1",
    string Window = "{window}",
    string Item = "",
    string Channel = "qr",
    string Grade = "satisfied",
    string At = "2025-03-03 10:00:00",
    string Comment = ""
)
{
    public override string ToString() => $"{ExternalId},{Window},{Item},{Channel},{Grade},{At},{Comment}";
}

/// <summary>Imports a file into the data of a serving host, as an operator does.</summary>
internal static class Importing
{
    public const string Header = "externalId,windowCode,itemCode,channel,grade,submittedAt,comment";
    public const string FileName = "ratings.csv";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static string Csv(params IEnumerable<object> rows) => string.Join('\n', [Header, .. rows, ""]);

    /// <summary>Returns <paramref name="count"/> rows, an hour apart.</summary>
    public static string Csv(int count, Func<int, OldRow>? row = null) =>
        Csv(
            Enumerable
                .Range(0, count)
                .Select(i =>
                    (row?.Invoke(i) ?? new OldRow()) with
                    {
                        ExternalId = $"A-{i:D6}",
                        At = $"{new DateTime(2025, 1, 1).AddHours(i % 8000):yyyy-MM-dd HH:mm:ss}",
                    }
                )
        );

    public static async Task<string> WriteAsync(
        this TestHost host,
        string content,
        Encoding? encoding = null,
        string fileName = FileName
    )
    {
        var filled = content.Replace("{window}", (await host.WindowCodesAsync())[0], StringComparison.Ordinal);
        var path = Path.Combine(host.DataDirectory, fileName);
        await File.WriteAllTextAsync(path, filled, encoding ?? new UTF8Encoding(false), Ct);
        return path;
    }

    public static async Task<(int ExitCode, string Output, string Errors)> ImportAsync(
        this TestHost host,
        string content,
        params string[] options
    )
    {
        await host.WriteAsync(content);
        return await host.ImportFileAsync(FileName, options);
    }

    public static Task<(int ExitCode, string Output, string Errors)> ImportFileAsync(
        this TestHost host,
        string fileName,
        params string[] options
    ) => host.CommandAsync(["import", "ratings", fileName, "--source", "old", .. options]);

    /// <summary>Returns the rows that were not imported, without the header. Empty if there is no such file.</summary>
    public static async Task<IReadOnlyList<string>> RejectsAsync(this TestHost host, string fileName = FileName)
    {
        var path = Path.Combine(host.DataDirectory, $"{fileName}.rejects.csv");
        return File.Exists(path) ? [.. (await File.ReadAllLinesAsync(path, Ct)).Skip(1)] : [];
    }

    /// <summary>Returns the one complaint of a run, without the lines of its progress.</summary>
    public static string Sentence(string errors) =>
        Assert.Single(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => !line.Contains("%：", StringComparison.Ordinal)
        );

    /// <summary>
    /// Asserts that the ledger has no faults except block times. The process of a command uses the real time and the
    /// test's host does not, so the times of their blocks contradict each other.
    /// </summary>
    public static async Task AssertNothingWrongAsync(this TestHost host, params string[] options)
    {
        var (_, output, errors) = await host.CommandAsync(["verify", "--json", .. options]);
        Assert.True(output.Length > 0, errors);
        var result = JsonSerializer.Deserialize<VerificationResult>(output, Json.Options)!;
        Assert.DoesNotContain(result.Faults, f => f.Rule is not ("blockTime" or "blockNoted"));
        Assert.Equal(0, result.More);
    }
}
