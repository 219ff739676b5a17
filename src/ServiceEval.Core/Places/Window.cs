namespace ServiceEval.Core.Places;

/// <summary>A counter in a hall. Its QR code carries the window's public code.</summary>
public sealed class Window
{
    /// <summary>The maximum length of the name, in characters.</summary>
    public const int MaxName = 100;

    public int Id { get; init; }
    public int HallId { get; init; }

    /// <summary>The label over the counter, usually digits. It is unique in the hall.</summary>
    public required string Number { get; init; }
    public required string Name { get; set; }
    public WindowKind Kind { get; set; }

    /// <summary>The department that owns the window; null for a comprehensive window.</summary>
    public int? DepartmentId { get; set; }
    public WindowStatus Status { get; set; } = WindowStatus.Active;

    /// <summary>The public, opaque and revocable code. A revoked code moves to <see cref="RevokedCode"/>.</summary>
    public required string Code { get; set; }
}

public enum WindowKind : byte
{
    Comprehensive = 1,
    Special = 2,
    SelfService = 3,

    /// <summary>“办不成事”反映窗口.</summary>
    Escalation = 4,
}

public enum WindowStatus : byte
{
    Active = 1,
    Retired = 2,
}

/// <summary>
/// A code that a window had before. It is kept so that the answer to its QR code is "revoked" and not "unknown".
/// </summary>
public sealed class RevokedCode
{
    public required string Code { get; init; }
    public int WindowId { get; init; }
    public DateTimeOffset RevokedAt { get; init; }
}

/// <summary>
/// One of the most common items of a window. The thanks page offers the items in the order of <see cref="Rank"/>.
/// </summary>
public sealed class WindowItem
{
    public int WindowId { get; init; }
    public int ItemId { get; init; }
    public int Rank { get; set; }
}
