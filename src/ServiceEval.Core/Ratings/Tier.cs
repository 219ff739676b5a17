namespace ServiceEval.Core.Ratings;

/// <summary>The level of trust in a rating.</summary>
public enum Tier : byte
{
    /// <summary>凭办件: the rating is bound to a visit.</summary>
    Visit = 1,

    /// <summary>现场动态码: the window shows the code for a short time.</summary>
    Session = 2,

    /// <summary>张贴码: the code is printed. It cannot prove that a service took place.</summary>
    Printed = 3,

    /// <summary>公开.</summary>
    Open = 4,

    /// <summary>代录: a member of staff entered the rating for a citizen.</summary>
    Assisted = 5,

    /// <summary>导入.</summary>
    Imported = 6,

    /// <summary>
    /// 默认: silence is counted as a grade by order. These ratings are never mixed with ratings that citizens gave.
    /// </summary>
    Imputed = 7,
}

public static class Tiers
{
    public static readonly IReadOnlyList<Tier> All = Enum.GetValues<Tier>();
}

/// <summary>The way in which a rating arrived (评价渠道).</summary>
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

/// <summary>The standing of a rating: 计入, 待核实 or 不予采纳. It follows from adjudications, never from an edit.</summary>
public enum Standing : byte
{
    Counted = 1,
    Quarantined = 2,
    Voided = 3,
}
