using ServiceEval.Web.Features.Boards;

namespace ServiceEval.Tests.Boards;

/// <summary>
/// Adds a tree of regions to the minimal set: the county has the hall <c>example</c> and two townships. The hall
/// <c>second</c> is in the first township.
/// </summary>
internal static class Townships
{
    public const string County = "410928000000";
    public const string First = "410928101000";
    public const string Second = "410928102000";

    public static async Task AddAsync(TestHost host)
    {
        await SecondHall.AddAsync(host);
        await SecondHall.ChangeAsync(
            host,
            $"""
            UPDATE Regions SET Code = '{County}', Name = '濮阳县', ShortName = '濮阳县' WHERE Id = 1;
            INSERT INTO Regions (Code, Name, ShortName, Level, ParentId) VALUES ('{Second}', '柳屯镇', '柳屯镇', 4, 1), ('{First}', '城关镇', '城关镇', 4, 1)
            """
        );
        await MoveAsync(host, First, new DateOnly(1900, 1, 1));
    }

    /// <summary>Moves the hall <c>second</c> to a region from a date on.</summary>
    public static Task MoveAsync(TestHost host, string region, DateOnly from) =>
        SecondHall.ChangeAsync(
            host,
            $"""
            INSERT INTO HallPlacements (HallId, "From", RegionId)
            SELECT h.Id, {from:yyyyMMdd}, r.Id FROM Halls h, Regions r WHERE h.Code = '{SecondHall.Hall}' AND r.Code = '{region}'
            """
        );

    public static async Task<RegionBoard> BoardAsync(TestHost host, string region)
    {
        using var response = await host.Client.GetAsync(PathOf(region), TestContext.Current.CancellationToken);
        return await TestHost.ReadAsync<RegionBoard>(response);
    }

    public static string PathOf(string region) => $"/api/v1/regions/{region}/board";
}
