namespace ServiceEval.Data.Halls;

/// <summary>A place of service (政务大厅, 便民服务中心, 自助服务区).</summary>
public sealed class Hall
{
    /// <summary>The scope of a report over every hall; therefore no hall's code.</summary>
    public const string CountyScope = "county";

    // In characters. The database and the check of a set both take them from here.
    public const int MaxName = 100,
        MaxShortName = 40,
        MaxTimeZone = 60,
        MaxOpeningHours = 200;
    public const int MaxTelephone = 40,
        MaxAddress = 200;

    public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public required string ShortName { get; set; }
    public HallKind Kind { get; set; }

    /// <summary>IANA name, such as <c>Asia/Shanghai</c>; it decides what "today" is in this hall.</summary>
    public required string TimeZone { get; set; }

    /// <summary>
    /// As in OpenStreetMap's <c>opening_hours</c>; shown to citizens, never a reason to refuse a rating.
    /// </summary>
    public string OpeningHours { get; set; } = "";
    public string Telephone { get; set; } = "";
    public string Address { get; set; } = "";
}

public enum HallKind : byte
{
    Hall = 1,
    TownshipCentre = 2,
}
