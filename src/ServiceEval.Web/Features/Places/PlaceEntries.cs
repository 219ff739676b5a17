using ServiceEval.Core.Places;

namespace ServiceEval.Web.Features.Places;

/// <summary>
/// A hall with its time zone and its windows in the order of their numbers, including retired windows.
/// </summary>
public sealed record HallEntry(Hall Hall, TimeZoneInfo Zone)
{
    public IReadOnlyList<WindowEntry> Windows { get; internal set; } = [];

    /// <summary>
    /// A hash of the names that the hall's board shows. It changes if the board would show another name, or if a part of
    /// an invented past may have come in. It is the same
    /// in every process.
    /// </summary>
    public int BoardStamp { get; internal set; }
    public int Id => Hall.Id;
    public string Code => Hall.Code;
    public string Name => Hall.Name;
    public PlaceScope Scope => PlaceScope.Hall(Id);

    /// <summary>Returns the date of an instant in the hall's time zone.</summary>
    public DateOnly DateOf(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);
}

public sealed record WindowEntry(Window Window, HallEntry Hall, IReadOnlyList<ServiceItem> CommonestItems)
{
    public int Id => Window.Id;
    public string Number => Window.Number;
    public string Name => Window.Name;
    public bool IsActive => Window.Status == WindowStatus.Active;

    /// <summary>
    /// Returns whether a new rating may begin with this code. It may not if the code was revoked or the window was
    /// retired.
    /// </summary>
    public bool Takes(string code) => IsActive && string.Equals(Window.Code, code, StringComparison.OrdinalIgnoreCase);
}
