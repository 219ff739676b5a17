using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>The frozen JSON of a report. Pages are rendered from this JSON alone.</summary>
public sealed record WeeklyReport
{
    public required string Id { get; init; }
    public required string Scope { get; init; }

    /// <summary>With the issue and the days: ××县政务服务“好差评”周报 第47期（11月16日—22日）.</summary>
    public required string Title { get; init; }

    /// <summary>期号: the number of the ISO week.</summary>
    public int Issue { get; init; }
    public required string Week { get; init; }
    public int Version { get; init; }
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public bool Provisional { get; init; }
    public bool Demo { get; init; }

    /// <summary>
    /// The word for the whole place in sentences, such as 全县 or 本大厅. Null in a report of an earlier program.
    /// </summary>
    public string? Whole { get; init; }

    /// <summary>The level of the region. Null in a hall's report, and in a report of an earlier program.</summary>
    public RegionLevel? Level { get; init; }

    /// <summary>The smallest number of ratings for which a rate is published.</summary>
    public int MinimumN { get; init; }

    /// <summary>k: no table shows the grades of fewer ratings.</summary>
    public int Cohort { get; init; }

    /// <summary>The score of each grade in <see cref="Mean"/>.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Three to six sentences that can be read aloud.</summary>
    public IReadOnlyList<string> Summary { get; init; } = [];

    /// <summary>有效评价: counted and not imputed.</summary>
    public int N { get; init; }

    /// <summary>
    /// Null if it would disclose the grades of fewer ratings than a cohort. Then every grade, rate and mean is null
    /// too.
    /// </summary>
    public int? Good { get; init; }
    public double? Rate { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>
    /// The last four weeks together. Set if the week alone has too few ratings and four weeks have enough.
    /// </summary>
    public ReportSpan? FourWeeks { get; init; }

    /// <summary>
    /// The figures of the version before. Set if fewer ratings than a cohort came late: these ratings wait for more.
    /// </summary>
    public ReportKept? Kept { get; init; }

    /// <summary>平均分, in the unit of <see cref="Weights"/>.</summary>
    public double? Mean { get; init; }
    public double? MeanLow { get; init; }
    public double? MeanHigh { get; init; }

    /// <summary>
    /// The ratings among <see cref="N"/> that have an active tier. Their share is taken of the ratings that were not
    /// imported. It is null if all ratings were imported.
    /// </summary>
    public int ActiveN { get; init; }
    public double? ActiveShare { get; init; }

    /// <summary>主动好评率, with its interval.</summary>
    public double? ActiveRate { get; init; }
    public double? ActiveLow { get; init; }
    public double? ActiveHigh { get; init; }

    /// <summary>Each value is null if <see cref="Good"/> is null.</summary>
    public required IReadOnlyDictionary<string, int?> Grades { get; init; }
    public required IReadOnlyList<ReportChannel> Channels { get; init; }
    public required IReadOnlyList<ReportTier> Tiers { get; init; }
    public IReadOnlyList<ReportDay> Days { get; init; } = [];
    public ReportCalendar Calendar { get; init; } = new(null, [], [], []);

    /// <summary>All halls below a region. Empty in a hall's report.</summary>
    public IReadOnlyList<ReportHall> Halls { get; init; } = [];

    /// <summary>The regions directly below, in a region's report.</summary>
    public IReadOnlyList<ReportRegion> Regions { get; init; } = [];

    /// <summary>In the order of halls and window numbers.</summary>
    public IReadOnlyList<ReportWindow> Windows { get; init; } = [];
    public IReadOnlyList<ReportBand> Bands { get; init; } = [];
    public IReadOnlyList<ReportDepartment> Departments { get; init; } = [];

    /// <summary>The items with most ratings come first; 未关联事项 comes last.</summary>
    public IReadOnlyList<ReportItem> Items { get; init; } = [];

    /// <summary>In the order of grades from the worst, and then by count from the largest.</summary>
    public IReadOnlyList<ReportTag> Tags { get; init; } = [];

    /// <summary>
    /// How often the tags that are not listed were given, for all grades together. Null below a cohort.
    /// </summary>
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
    /// Null in a report that was frozen before the first page existed. Such a report shows its sentences instead.
    /// </summary>
    public ReportFront? Front { get; init; }

    /// <summary>The definitions at the time when the report was compiled. An annex prints them.</summary>
    public IReadOnlyList<ReportDefinition> Definitions { get; init; } = [];
    public required ReportLedger Ledger { get; init; }

    /// <summary>Null only while the hash is being computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyOrder(int.MaxValue)]
    public string? ContentHash { get; init; }

    /// <summary>True if the report is about a region, and so has tables of the places below it.</summary>
    [JsonIgnore]
    public bool IsOfRegion => Halls.Count + Regions.Count > 0 || Scope == Region.RootAlias;

    /// <summary>
    /// True if the report was frozen before definitions, places and the section on quality existed. Such a report shows
    /// only the parts that it has.
    /// </summary>
    [JsonIgnore]
    public bool IsOfEarlierForm => Definitions.Count == 0;

    /// <summary>Returns whether this exception means that the JSON of a report is damaged.</summary>
    public static bool IsDamage(Exception e) => e is JsonException or InvalidOperationException or FormatException;

    public static WeeklyReport Parse(string json) =>
        JsonSerializer.Deserialize<WeeklyReport>(json, Json.Options)
        ?? throw new JsonException("The JSON of a report must be an object.");

    /// <summary>
    /// Serializes the report with its content hash. The content hash is SHA-256, in lower-case hex, over the UTF-8 of
    /// this JSON without its last property: remove <c>,"contentHash":"…"</c> before the closing brace. The JSON is
    /// compact and its order is fixed, so it needs no canonical form.
    /// </summary>
    public (string Json, byte[] ContentHash) Freeze()
    {
        var bare = JsonSerializer.Serialize(this with { ContentHash = null }, Json.Options);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(bare));
        return ($"{bare[..^1]}{Report.HashProperty}{Convert.ToHexStringLower(hash)}\"}}", hash);
    }
}
