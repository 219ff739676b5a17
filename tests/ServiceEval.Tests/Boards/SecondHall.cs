using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Boards;

/// <summary>Adds the hall <c>second</c> with one window to the minimal set.</summary>
internal static class SecondHall
{
    public const string Hall = "second";
    public const string Window = "SECNDW1";

    public static Task AddAsync(TestHost host) =>
        ChangeAsync(
            host,
            $"""
            INSERT INTO Halls (Code, Name, ShortName, Kind, TimeZone, OpeningHours, Telephone, Address) VALUES ('{Hall}', '第二大厅', '第二', 1, 'Asia/Shanghai', '', '', '');
            INSERT INTO Windows (HallId, Number, Name, Kind, Status, Code) SELECT Id, '1', '综合服务窗口', 1, 1, '{Window}' FROM Halls WHERE Code = '{Hall}'
            """
        );

    /// <summary>Changes the directory and makes the host read it.</summary>
    public static async Task ChangeAsync(TestHost host, string sql)
    {
        await host.QueryAsync($"{sql}; UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(TestContext.Current.CancellationToken);
    }
}
