namespace ServiceEval.Data.Ratings;

/// <summary>How far a rating can be trusted.</summary>
public enum Tier : byte
{
    /// <summary>凭办件: bound to a visit.</summary>
    Visit = 1,

    /// <summary>现场动态码: a code shown for a short time at the window.</summary>
    Session = 2,

    /// <summary>张贴码: a printed code cannot prove that a service took place.</summary>
    Printed = 3,

    /// <summary>公开.</summary>
    Open = 4,

    /// <summary>代录: entered by staff for a citizen.</summary>
    Assisted = 5,

    /// <summary>导入.</summary>
    Imported = 6,

    /// <summary>默认: silence counted as a grade by order; never mixed with what citizens gave.</summary>
    Imputed = 7,
}

public static class Tiers
{
    public static readonly IReadOnlyList<Tier> All = Enum.GetValues<Tier>();

    /// <summary>Given by the citizen: the only tiers that enter a board.</summary>
    public static bool IsActive(this Tier tier) => tier <= Tier.Open;
}

/// <summary>How a rating arrived (评价渠道).</summary>
public enum Channel : byte
{
    Pc = 1,
    Mobile = 2,
    Qr = 3,
    Tablet = 4,
    Terminal = 5,
    Phone = 6,
    Sms = 7,
    Paper = 8,
}

/// <summary>计入, 待核实, 不予采纳; follows from adjudications, never from an edit.</summary>
public enum Standing : byte
{
    Counted = 1,
    Quarantined = 2,
    Voided = 3,
}
