using ServiceEval.Web.Features.Places;

namespace ServiceEval.Browser.Tests.Display;

/// <summary>
/// The sample county with a township for each of its centres, and with a week of released figures. The county then has
/// 21 children: its hall and 20 townships.
/// </summary>
internal static class SampleRegions
{
    public const string County = "county";

    /// <summary>A township with three halls: its own centre and two others.</summary>
    public const string ThreeHalls = "410928103000";

    /// <summary>A township with its centre only.</summary>
    public const string OneHall = "410928104000";

    public static async Task AddAsync(TestHost host)
    {
        await History.SeedCountyAsync(host);
        await host.QueryAsync(
            """
            DELETE FROM HallPlacements;
            DELETE FROM Regions WHERE Id <> 1;
            UPDATE Regions SET Name = '濮阳县' WHERE Id = 1;
            INSERT INTO Regions (Code, Name, ShortName, Level, ParentId)
            SELECT printf('4109281%02d000', Id), ShortName, ShortName, 4, 1 FROM Halls WHERE Kind = 2;
            INSERT INTO HallPlacements (HallId, "From", RegionId)
            SELECT h.Id, 19000101, r.Id FROM Halls h JOIN Regions r ON r.ShortName = h.ShortName;
            INSERT INTO HallPlacements (HallId, "From", RegionId)
            SELECT h.Id, 19000101, r.Id FROM Halls h, Regions r
            WHERE h.Code = 'example' AND r.Code = '410928103000';
            """
        );
        await ReleaseAsync(host);
        await RefreshAsync(host);
    }

    /// <summary>Moves the county's hall, so that the township has three halls.</summary>
    public static async Task GatherThreeHallsAsync(TestHost host)
    {
        await host.QueryAsync(
            """
            INSERT INTO HallPlacements (HallId, "From", RegionId)
            SELECT h.Id, 19000101, r.Id FROM Halls h, Regions r
            WHERE h.Code = 'puyang' AND r.Code = '410928103000';
            """
        );
        await RefreshAsync(host);
    }

    /// <summary>Releases figures for the week up to today. Every seventh hall has too few for a rate.</summary>
    private static Task ReleaseAsync(TestHost host) =>
        host.QueryAsync(
            """
            INSERT INTO ReleasedDays
              (WindowId, LocalDate, VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied)
            SELECT w.Id, 20261118 - d.value,
              iif(w.HallId % 7 = 0, 0, 9 + (w.Id * 5 + d.value * 3) % 11), 1, iif(w.Id % 3 = 0, 1, 0),
              iif((w.Id + d.value) % 4 = 0, 1, 0), iif((w.HallId + d.value) % 9 = 0, 1, 0)
            FROM Windows w, json_each('[0,1,2,3,4,5,6]') d WHERE w.HallId % 7 <> 0 OR d.value = 0
            """
        );

    private static async Task RefreshAsync(TestHost host)
    {
        await host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(TestContext.Current.CancellationToken);
    }
}
