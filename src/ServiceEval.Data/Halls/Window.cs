namespace ServiceEval.Data.Halls;

/// <summary>A counter in a hall, with the public code that its QR carries.</summary>
public sealed class Window
{
    /// <summary>In characters.</summary>
    public const int MaxName = 100;

    public int Id { get; init; }
    public int HallId { get; init; }

    /// <summary>The label over the counter, unique in its hall; usually digits.</summary>
    public required string Number { get; init; }
    public required string Name { get; set; }
    public WindowKind Kind { get; set; }

    /// <summary>The department that owns the window; null for a comprehensive one.</summary>
    public int? DepartmentId { get; set; }
    public WindowStatus Status { get; set; } = WindowStatus.Active;

    /// <summary>Public, opaque and revocable: a revoked code moves to <see cref="RevokedCode"/>.</summary>
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

/// <summary>A code that a window bore before; kept so that its QR is answered "revoked", not "unknown".</summary>
public sealed class RevokedCode
{
    public required string Code { get; init; }
    public int WindowId { get; init; }
    public DateTimeOffset RevokedAt { get; init; }
}

/// <summary>One of the items commonest at a window, in the order in which the thanks page offers them.</summary>
public sealed class WindowItem
{
    public int WindowId { get; init; }
    public int ItemId { get; init; }
    public int Rank { get; set; }
}
