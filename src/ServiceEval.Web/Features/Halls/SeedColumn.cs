namespace ServiceEval.Web.Features.Halls;

/// <param name="FaultOf">What is wrong with a value and what would be right, as a clause; null if nothing is.</param>
/// <param name="IsOptional">Whether a file may lack the column, as those written before it was there.</param>
internal sealed record SeedColumn(string Name, Func<string, string?> FaultOf, bool IsOptional = false);

/// <summary>The files of a set and their columns, as <c>seeds/README.md</c> describes them.</summary>
internal static class SeedColumns
{
    public const int MaxAliases = 400;

    public static readonly IReadOnlyList<SeedColumn> Departments = [new("code", Must.BeDepartmentCode), new("name", Must.BeText(100)), new("shortName", Must.BeText(40))];

    public static readonly IReadOnlyList<SeedColumn> Halls =
    [
        new("code", Must.BeHallCode), new("name", Must.BeText(100)), new("shortName", Must.BeText(40)), new("kind", Must.BeOneOf<Data.Halls.HallKind>()),
        new("timeZone", Must.BeTimeZone), new("openingHours", Must.BeOpeningHours), new("telephone", Must.BeTelephone), new("address", Must.BeTextOrEmpty(200)),
    ];

    public static readonly IReadOnlyList<SeedColumn> Windows =
    [
        new("hall", Must.BeHallCode), new("number", Must.BeWindowNumber), new("name", Must.BeText(100)), new("kind", Must.BeOneOf<Data.Halls.WindowKind>()),
        new("department", value => value.Length == 0 ? null : Must.BeDepartmentCode(value)), new("status", Must.BeOneOf<Data.Halls.WindowStatus>()),
    ];

    public static readonly IReadOnlyList<SeedColumn> Items =
    [
        new("code", Must.BeItemCode), new("name", Must.BeText(200)), new("department", Must.BeDepartmentCode), new("aliases", Must.BeAliases(MaxAliases), IsOptional: true),
    ];

    public static readonly IReadOnlyList<SeedColumn> WindowItems =
        [new("hall", Must.BeHallCode), new("number", Must.BeWindowNumber), new("item", Must.BeItemCode), new("rank", Must.BeWithin(1, 999))];

    public static readonly IReadOnlyList<SeedColumn> LocalTags = Tags(Must.BeLocalTag);

    public static readonly IReadOnlyList<SeedColumn> NationalTags = Tags(Must.BeNationalTag);

    private static IReadOnlyList<SeedColumn> Tags(Func<string, string?> code) =>
    [
        new("code", code), new("grade", Must.BeOneOf<Data.Ratings.Grade>()), new("text", Must.BeText(60)), new("textEn", Must.BeText(120)),
        new("basic", Must.BeBoolean), new("version", Must.BeWithin(1, 999)), new("retired", Must.BeBoolean),
    ];
}
