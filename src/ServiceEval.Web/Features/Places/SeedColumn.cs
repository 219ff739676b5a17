using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Places;

/// <param name="FaultOf">Returns a clause that says what is wrong with a value and what would be right; null if the
/// value is right.</param>
/// <param name="IsOptional">Whether a file may lack the column. A file that was written before the column existed lacks
/// it.</param>
internal sealed record SeedColumn(string Name, Func<string, string?> FaultOf, bool IsOptional = false);

/// <summary>The files of a set and their columns, as <c>seeds/README.md</c> describes them.</summary>
internal static class SeedColumns
{
    public static readonly IReadOnlyList<SeedColumn> Regions =
    [
        new("code", Must.BeRegionCode),
        new("name", Must.BeText(Region.MaxName)),
        new("shortName", Must.BeText(Region.MaxShortName)),
        new("level", Must.BeOneOf<RegionLevel>()),
        new("parent", Must.BeRegionCodeOrEmpty),
    ];

    public static readonly IReadOnlyList<SeedColumn> Departments =
    [
        new("code", Must.BeDepartmentCode),
        new("name", Must.BeText(Department.MaxName)),
        new("shortName", Must.BeText(Department.MaxShortName)),
        new("region", Must.BeRegionCodeOrEmpty, IsOptional: true),
    ];

    public static readonly IReadOnlyList<SeedColumn> Halls =
    [
        new("code", Must.BeHallCode),
        new("name", Must.BeText(Hall.MaxName)),
        new("shortName", Must.BeText(Hall.MaxShortName)),
        new("kind", Must.BeOneOf<HallKind>()),
        new("timeZone", Must.BeTimeZone),
        new("openingHours", Must.BeOpeningHours),
        new("telephone", Must.BeTelephone),
        new("address", Must.BeTextOrEmpty(Hall.MaxAddress)),
        new("region", Must.BeRegionCodeOrEmpty, IsOptional: true),
        new("regionFrom", Must.BeDateOrEmpty, IsOptional: true),
    ];

    public static readonly IReadOnlyList<SeedColumn> Windows =
    [
        new("hall", Must.BeHallCode),
        new("number", Must.BeWindowNumber),
        new("name", Must.BeText(Window.MaxName)),
        new("kind", Must.BeOneOf<WindowKind>()),
        new("department", value => value.Length == 0 ? null : Must.BeDepartmentCode(value)),
        new("status", Must.BeOneOf<WindowStatus>()),
    ];

    public static readonly IReadOnlyList<SeedColumn> Items =
    [
        new("code", Must.BeItemCode),
        new("name", Must.BeText(ServiceItem.MaxName)),
        new("department", Must.BeDepartmentCode),
        new("aliases", Must.BeAliases(ServiceItem.MaxAliases), IsOptional: true),
    ];

    public static readonly IReadOnlyList<SeedColumn> WindowItems =
    [
        new("hall", Must.BeHallCode),
        new("number", Must.BeWindowNumber),
        new("item", Must.BeItemCode),
        new("rank", Must.BeWithin(1, 999)),
    ];

    public static readonly IReadOnlyList<SeedColumn> LocalTags = Tags(Must.BeLocalTag);

    public static readonly IReadOnlyList<SeedColumn> NationalTags = Tags(Must.BeNationalTag);

    private static IReadOnlyList<SeedColumn> Tags(Func<string, string?> code) =>
        [
            new("code", code),
            new("grade", Must.BeOneOf<Grade>()),
            new("text", Must.BeText(Tag.MaxText)),
            new("textEn", Must.BeText(Tag.MaxTextEn)),
            new("basic", Must.BeBoolean),
            new("version", Must.BeWithin(1, 999)),
            new("retired", Must.BeBoolean),
        ];
}
