using ServiceEval.Core;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The positions of the import columns in a file. The columns may have any order. Their names must be exact.
/// </summary>
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
    /// The additional columns of a rejects file. The import ignores them, so that a corrected rejects file can be
    /// imported directly.
    /// </summary>
    public static readonly IReadOnlyList<string> OfRejects = ["line", "reason"];

    private readonly int[] _places;
    private readonly IReadOnlyList<string> _header;
    private readonly bool _areRejects;

    private Columns(int[] places, IReadOnlyList<string> header) =>
        (_places, _header, _areRejects) = (places, header, header.Contains(OfRejects[1]));

    /// <exception cref="OperatorException">A column is missing, occurs twice or is unknown.</exception>
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
        return new Columns(places, header);
    }

    /// <summary>Returns a row's values in the order of <see cref="Names"/>. A missing value is an empty text.</summary>
    public string[] Pick(IReadOnlyList<string> fields) =>
        Array.ConvertAll(_places, place => place < fields.Count ? Read(fields[place]) : "");

    /// <summary>
    /// Returns a row's values and after them its filled cells that have no named column. In a rejects file the row then
    /// stays too long for the header, so it is refused again until a person has put the texts where they belong.
    /// </summary>
    public string[] PickAll(IReadOnlyList<string> fields) =>
        [
            .. Pick(fields),
            .. fields.Where((field, i) => field.Length > 0 && _header.ElementAtOrDefault(i) is null or "").Select(Read),
        ];

    /// <summary>
    /// Returns only the external id of a doubtful row. A part of another value could be taken for the whole value.
    /// </summary>
    public string[] PickId(IReadOnlyList<string> fields) =>
        [.. Pick(fields).Select((value, column) => column == ExternalId ? Excerpt.Of(value) : "")];

    private string Read(string field) => _areRejects ? FormulaEscaping.Unescape(field) : field;

    private static OperatorException Wrong(string what) =>
        new($"{what}，没有导入任何内容；应有的列为 {string.Join(',', Names)}。");
}
