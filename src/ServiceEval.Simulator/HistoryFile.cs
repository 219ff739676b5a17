using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Simulator;

/// <summary>
/// Writes a history as a file that <c>import ratings</c> reads. The file is complete or does not exist.
/// </summary>
internal sealed class HistoryFile(string path, int seed)
{
    private static readonly string[] Columns =
    [
        "externalId",
        "windowCode",
        "itemCode",
        "channel",
        "grade",
        "submittedAt",
        "comment",
    ];
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private int _written;

    /// <summary>The number of ratings written so far.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <returns>The file's full path.</returns>
    /// <exception cref="OperatorException">The file exists already or cannot be written.</exception>
    public async Task<string> WriteAsync(IEnumerable<SimulatedRating> ratings, CancellationToken ct)
    {
        try
        {
            var whole = Path.GetFullPath(path);
            if (Path.Exists(whole))
                throw new OperatorException($"“{path}”已经存在，不会覆盖：请换一个文件名，或先把它移走。");
            using var file = new AtomicFile(whole);
            await WriteAsync(file.Unfinished, ratings, ct);
            file.Commit(overwrite: false);
            return whole;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OperatorException($"评价历史写不进“{path}”：{FileFaults.Reason(e)}，请用 --out 另指一处。", e);
        }
    }

    private async Task WriteAsync(string to, IEnumerable<SimulatedRating> ratings, CancellationToken ct)
    {
        await using var text = new StreamWriter(to, append: false, Utf8, bufferSize: 1 << 16);
        await using var csv = new CsvWriter(
            text,
            new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }
        );
        foreach (var column in Columns)
            csv.WriteField(column);
        await csv.NextRecordAsync();
        foreach (var rating in ratings)
        {
            ct.ThrowIfCancellationRequested();
            Write(csv, rating);
            await csv.NextRecordAsync();
        }
    }

    private void Write(CsvWriter csv, SimulatedRating rating)
    {
        var number = Interlocked.Increment(ref _written);
        csv.WriteField(string.Create(CultureInfo.InvariantCulture, $"sim-{seed}-{number:000000000}"));
        csv.WriteField(rating.Window.Window.Code);
        csv.WriteField(rating.Item?.Code);
        csv.WriteField(Wire(rating.Channel));
        csv.WriteField(Words.Wire(rating.Grade));
        csv.WriteField(rating.Local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        csv.WriteField(rating.Comment);
    }

    private static string Wire(Channel channel) => JsonNamingPolicy.CamelCase.ConvertName(channel.ToString());
}
