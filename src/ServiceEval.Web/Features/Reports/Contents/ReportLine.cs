using System.Text;
using System.Text.Json;
using ServiceEval.Core.Reports;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>One line of the list of reports.</summary>
public sealed record ReportLine(
    string Id,
    string Scope,
    string Week,
    int Version,
    int N,
    double? Rate,
    double? Low,
    double? High,
    DateTime CompiledAt,
    string ContentHash
)
{
    /// <summary>The smallest number of ratings for which a rate is published.</summary>
    public int MinimumN { get; init; }

    /// <summary>
    /// The number of characters at the beginning of the JSON that contain all values of a line. To read the whole JSON
    /// of two hundred reports would take twenty times as long.
    /// </summary>
    public const int StartLength = 16 * 1024;

    // In the order of the JSON, which is the order in which the properties are declared.
    private static readonly string[] Rates = ["rate", "low", "high"];

    /// <summary>
    /// Returns null if the row is damaged, so that the other reports can still be listed and compiled.
    /// </summary>
    public static ReportLine? TryOf(ReportId id, DateTimeOffset compiledAt, byte[] contentHash, string start)
    {
        try
        {
            return Of(id, compiledAt, contentHash, start);
        }
        catch (Exception e) when (WeeklyReport.IsDamage(e))
        {
            return null;
        }
    }

    /// <param name="start">The first <see cref="StartLength"/> characters of the report's JSON.</param>
    public static ReportLine Of(ReportId id, DateTimeOffset compiledAt, byte[] contentHash, string start)
    {
        var (n, minimum, cohort) = (0, 0, 0);
        double?[] rates = [null, null, null];
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(start),
            isFinalBlock: start.Length < StartLength,
            default
        );
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var name = reader.GetString();
            if (!reader.Read())
                break;
            if (name == "minimumN")
                minimum = reader.GetInt32();
            else if (name == "cohort")
                cohort = reader.GetInt32();
            else if (name == "n")
                n = reader.GetInt32();
            else if (Array.IndexOf(Rates, name) is var index and >= 0)
            {
                rates[index] = reader.TokenType == JsonTokenType.Null || n < cohort ? null : reader.GetDouble();
                if (index < Rates.Length - 1)
                    continue;
                return new(
                    id.ToString(),
                    id.Scope,
                    id.Week,
                    id.Version,
                    n,
                    rates[0],
                    rates[1],
                    rates[2],
                    compiledAt.UtcDateTime,
                    Convert.ToHexStringLower(contentHash)
                )
                {
                    MinimumN = Math.Max(minimum, cohort),
                };
            }
        }
        throw new JsonException($"The report {id} does not begin with its figures.");
    }
}
