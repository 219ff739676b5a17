namespace ServiceEval.Core.Places;

public enum PlaceScopeKind : byte
{
    Region = 0,
    Hall = 1,
}

/// <summary>A region with everything below it, or a hall. Reports, recipients, exports and roles are about one.</summary>
/// <param name="Id">The id of the region or of the hall.</param>
public readonly record struct PlaceScope(PlaceScopeKind Kind, int Id)
{
    public static readonly PlaceScope Root = Region(Places.Region.RootId);

    public bool IsRegion => Kind == PlaceScopeKind.Region;

    public static PlaceScope Region(int id) => new(PlaceScopeKind.Region, id);

    public static PlaceScope Hall(int id) => new(PlaceScopeKind.Hall, id);
}
