using ServiceEval.Web.Features.Tables;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>Where a file has the columns of an import; their order is free, their names are exact.</summary>
internal sealed class Columns
{
    public const int ExternalId = 0,
        WindowCode = 1,
        ItemCode = 2,
        Channel = 3,
        Grade = 4,
        SubmittedAt = 5,
        Comment = 6;

    public static readonly IReadOnlyList<string> Names =
    [
        "externalId",
        "windowCode",
        "itemCode",
        "channel",
        "grade",
        "submittedAt",
        "comment",
    ];

    /// <summary>
    /// What a file of rejects has besides; passed over, so that it can be mended and imported as it is.
    /// </summary>
    public static readonly IReadOnlyList<string> OfRejects = ["line", "reason"];

    private readonly int[] _places;
    private readonly bool _areRejects;

    private Columns(int[] places, bool areRejects) => (_places, _areRejects) = (places, areRejects);

    /// <exception cref="StartException">A column is missing, twice there or unknown.</exception>
    public static Columns Of(IReadOnlyList<string> header)
    {
        var places = Names
            .Select(name => header.Index().Where(h => h.Item == name).Select(h => h.Index).DefaultIfEmpty(-1).First())
            .ToArray();
        var missing = Names.Where((_, i) => places[i] < 0).ToList();
        if (missing.Count > 0)
            throw Wrong($"表头缺少 {string.Join("、", missing)}");
        if (header.Except([.. Names, .. OfRejects, ""]).FirstOrDefault() is { } unknown)
            throw Wrong($"表头中有不认识的列“{Excerpt.Of(unknown)}”");
        if (header.Where(h => h.Length > 0).GroupBy(h => h).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Wrong($"表头中 {twice.Key} 出现了不止一次");
        return new Columns(places, header.Contains(OfRejects[1]));
    }

    /// <summary>A row's values in the order of <see cref="Names"/>; empty where it has none.</summary>
    public string[] Pick(IReadOnlyList<string> fields) =>
        Array.ConvertAll(_places, place => place < fields.Count ? Read(fields[place]) : "");

    /// <summary>
    /// Only what names a row that is too long to be told of: a part of the rest could pass for all of it.
    /// </summary>
    public string[] PickId(IReadOnlyList<string> fields) =>
        [.. Pick(fields).Select((value, column) => column == ExternalId ? Excerpt.Of(value) : "")];

    private string Read(string field) => _areRejects ? Inert.Restore(field) : field;

    private static StartException Wrong(string what) =>
        new($"{what}，没有导入任何内容；应有的列为 {string.Join(',', Names)}。");
}
