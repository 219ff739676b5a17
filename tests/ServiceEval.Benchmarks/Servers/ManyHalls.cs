using Microsoft.Data.Sqlite;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>
/// Adds the halls of a city to the sample county's. They are generated here because no set of seeds is so large.
/// </summary>
internal static class ManyHalls
{
    /// <summary>Adds this number of halls with this number of windows each, before the host starts.</summary>
    /// <returns>The code of each hall and the key of its first window.</returns>
    public static async Task<IReadOnlyList<(string Hall, int Window)>> AddAsync(
        Installation installation,
        int halls,
        int windows
    )
    {
        await using var connection = new SqliteConnection($"Data Source={installation.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $halls)
            INSERT INTO Halls (Code, Name, ShortName, Kind, TimeZone, OpeningHours, Telephone, Address)
            SELECT printf('bench-%04d', i), printf('第%d大厅', i), printf('%d厅', i), 1, 'Asia/Shanghai', '', '', '' FROM n;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $windows)
            INSERT INTO Windows (HallId, Number, Name, Kind, Status, Code)
            SELECT h.Id, n.i, '综合服务窗口', 1, 1, printf('B%05d%04d', h.Id, n.i) FROM Halls h, n WHERE h.Code LIKE 'bench-%';
            UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1;
            COMMIT
            """;
        command.Parameters.AddWithValue("$halls", halls);
        command.Parameters.AddWithValue("$windows", windows);
        await command.ExecuteNonQueryAsync();
        return await installation.ReadAsync(
            "SELECT h.Code, MIN(w.Id) FROM Windows w JOIN Halls h ON h.Id = w.HallId WHERE h.Code LIKE 'bench-%' GROUP BY h.Code ORDER BY h.Code",
            row =>
            {
                var read = new List<(string, int)>();
                while (row.Read())
                    read.Add((row.GetString(0), row.GetInt32(1)));
                return (IReadOnlyList<(string, int)>)read;
            }
        );
    }
}
