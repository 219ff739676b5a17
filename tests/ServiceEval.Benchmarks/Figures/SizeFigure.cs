using Microsoft.Data.Sqlite;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the bytes of each rating after a checkpoint, with its index, tallies, details and blocks. The size of the
/// empty seed is subtracted.
/// </summary>
internal static class SizeFigure
{
    private const int Ratings = 1_000_000;
    private const int PerBlock = 100;

    // At a quiet counter every rating is a block of its own, so each rating also costs a row of LedgerBlocks.
    private const int RatingsAlone = 50_000;

    public static async Task RunAsync(bool json)
    {
        var bytes = await BytesAsync(Ratings, PerBlock);
        var alone = await BytesAsync(RatingsAlone, 1);
        Figure.Print(
            new
            {
                name = "size",
                ratings = Ratings,
                perBlock = PerBlock,
                bytes,
                ratingsAlone = RatingsAlone,
                bytesAlone = alone,
            },
            json
        );
    }

    private static async Task<double> BytesAsync(int ratings, int perBlock)
    {
        await using var installation = await Installation.CreateAsync();
        var empty = CheckpointedLength(installation);
        await History.WriteSignedAsync(
            installation.DatabasePath,
            ratings,
            perBlock,
            n => Figure.Say($"size: {n:N0} of {ratings:N0} ratings, {perBlock} a block")
        );
        return Math.Round((CheckpointedLength(installation) - empty) / (double)ratings, 1);
    }

    private static long CheckpointedLength(Installation installation)
    {
        using (var connection = new SqliteConnection($"Data Source={installation.DatabasePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }
        return new FileInfo(installation.DatabasePath).Length;
    }
}
