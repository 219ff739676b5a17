using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>The frozen JSON of a report; pages are rendered from it and from nothing else.</summary>
public sealed record WeeklyReport
{
    private const string HashProperty = ",\"contentHash\":\"";

    public required string Id { get; init; }
    public required string Scope { get; init; }

    /// <summary>With issue and days: ××县政务服务“好差评”周报 第47期（11月16日—22日）.</summary>
    public required string Title { get; init; }

    /// <summary>期号: the number of the ISO week.</summary>
    public int Issue { get; init; }
    public required string Week { get; init; }
    public int Version { get; init; }
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public bool Provisional { get; init; }
    public bool Demo { get; init; }

    /// <summary>Below so many ratings there is no rate.</summary>
    public int MinimumN { get; init; }

    /// <summary>k: no table shows the grades of fewer ratings.</summary>
    public int Cohort { get; init; }

    /// <summary>What each grade scores in <see cref="Mean"/>.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Three to six sentences to be read aloud.</summary>
    public IReadOnlyList<string> Summary { get; init; } = [];

    /// <summary>有效评价: counted and not imputed.</summary>
    public int N { get; init; }

    /// <summary>
    /// Null, and with it every grade, rate and mean, where it would tell the grades of fewer ratings than a cohort.
    /// </summary>
    public int? Good { get; init; }
    public double? Rate { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>The last four weeks together, where the week alone has too few ratings and they have enough.</summary>
    public ReportSpan? FourWeeks { get; init; }

    /// <summary>Of the version before, where fewer ratings than a cohort came late: they wait for more.</summary>
    public ReportKept? Kept { get; init; }

    /// <summary>平均分, in the unit of <see cref="Weights"/>.</summary>
    public double? Mean { get; init; }
    public double? MeanLow { get; init; }
    public double? MeanHigh { get; init; }

    /// <summary>
    /// Of <see cref="N"/>, those of the active tiers; their share is of what was not imported, null where there is
    /// nothing else.
    /// </summary>
    public int ActiveN { get; init; }
    public double? ActiveShare { get; init; }

    /// <summary>主动好评率, with its interval.</summary>
    public double? ActiveRate { get; init; }
    public double? ActiveLow { get; init; }
    public double? ActiveHigh { get; init; }

    /// <summary>Each null where <see cref="Good"/> is.</summary>
    public required IReadOnlyDictionary<string, int?> Grades { get; init; }
    public required IReadOnlyList<ReportChannel> Channels { get; init; }
    public required IReadOnlyList<ReportTier> Tiers { get; init; }
    public IReadOnlyList<ReportDay> Days { get; init; } = [];
    public ReportCalendar Calendar { get; init; } = new(null, [], [], []);

    /// <summary>Of a county's report; empty in a hall's.</summary>
    public IReadOnlyList<ReportHall> Halls { get; init; } = [];

    /// <summary>In the order of halls and numbers.</summary>
    public IReadOnlyList<ReportWindow> Windows { get; init; } = [];
    public IReadOnlyList<ReportBand> Bands { get; init; } = [];
    public IReadOnlyList<ReportDepartment> Departments { get; init; } = [];

    /// <summary>Most rated first; 未关联事项 last.</summary>
    public IReadOnlyList<ReportItem> Items { get; init; } = [];

    /// <summary>In the order of grades from the worst, most given first.</summary>
    public IReadOnlyList<ReportTag> Tags { get; init; } = [];

    /// <summary>How often tags were given that are not listed, of every grade together; null below a cohort.</summary>
    public int? OtherTags { get; init; }
    public IReadOnlyList<ReportQuote> Quotes { get; init; } = [];
    public ReportQuality Quality { get; init; } =
        new(0, 0, 0, 0, 0, [], [], new(0, null, null, null, null), new(0, null, null, null, null, []));
    public ReportChanges Changes { get; init; } = new(null, null, null, null);

    /// <summary>Null in the first version.</summary>
    public ReportDifference? Difference { get; init; }

    /// <summary>存在问题 and 下步工作建议.</summary>
    public IReadOnlyList<ReportSentence> Problems { get; init; } = [];
    public IReadOnlyList<ReportSentence> Suggestions { get; init; } = [];

    /// <summary>
    /// Null in a report that was frozen before there was such a first page: it shows its sentences in its place.
    /// </summary>
    public ReportFront? Front { get; init; }

    /// <summary>As they were when the report was compiled; an annex prints them.</summary>
    public IReadOnlyList<ReportDefinition> Definitions { get; init; } = [];
    public required ReportLedger Ledger { get; init; }

    /// <summary>Null only while it is being computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyOrder(int.MaxValue)]
    public string? ContentHash { get; init; }

    /// <summary>Frozen before there were definitions, places and a section on quality: it shows what it has.</summary>
    [JsonIgnore]
    public bool IsOfEarlierForm => Definitions.Count == 0;

    /// <summary>Whether reading a report's JSON failed because of what stands in it.</summary>
    public static bool IsDamage(Exception e) => e is JsonException or InvalidOperationException or FormatException;

    public static WeeklyReport Parse(string json) =>
        JsonSerializer.Deserialize<WeeklyReport>(json, Json.Options)
        ?? throw new JsonException("A report is an object.");

    /// <summary>
    /// The content hash is SHA-256, in lower-case hex, over the UTF-8 of this JSON without its last property: cut
    /// <c>,"contentHash":"…"</c> before the closing brace. Written compactly and in this order, so it needs no
    /// canonical form.
    /// </summary>
    public (string Json, byte[] ContentHash) Freeze()
    {
        var bare = JsonSerializer.Serialize(this with { ContentHash = null }, Json.Options);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(bare));
        return ($"{bare[..^1]}{HashProperty}{Convert.ToHexStringLower(hash)}\"}}", hash);
    }

    /// <summary>
    /// Whether a row is as it was frozen: its JSON gives its content hash, and the row says of itself what the JSON
    /// says. Nothing in the JSON speaks of the row's data hash and time of compiling. Read by names and not as a
    /// report, so that what an older program froze still is.
    /// </summary>
    public static bool IsAsFrozen(Report row)
    {
        var end = HashProperty.Length + 2 * SHA256.HashSizeInBytes + 2;
        if (row.Json.Length <= end)
            return false;
        var bare = $"{row.Json[..^end]}}}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(bare));
        if (!hash.AsSpan().SequenceEqual(row.ContentHash))
            return false;
        if (!row.Json.EndsWith($"{HashProperty}{Convert.ToHexStringLower(hash)}\"}}", StringComparison.Ordinal))
            return false;
        try
        {
            using var json = JsonDocument.Parse(bare);
            var ledger = json.RootElement.GetProperty("ledger");
            return json.RootElement.GetProperty("scope").GetString() == row.Scope
                && json.RootElement.GetProperty("week").GetString() == row.Week
                && json.RootElement.GetProperty("version").GetInt32() == row.Version
                && ledger.GetProperty("sequence").GetInt64() == row.LedgerSequence
                && ledger.GetProperty("hash").GetString() == Convert.ToHexStringLower(row.LedgerHash);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
