using System.Globalization;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>The outcomes of the rows so far.</summary>
internal sealed class ImportCounts
{
    public long Line { get; private set; } = 1;
    public long Stored { get; private set; }

    /// <summary>The number of rows that an earlier import stored with the same content.</summary>
    public long Repeated { get; private set; }
    public long Rejected { get; private set; }

    private long Rows => Stored + Repeated + Rejected;

    public void AddStored(FileRow row) => (Line, Stored) = (row.Line, Stored + 1);

    public void AddRepeated(FileRow row) => (Line, Repeated) = (row.Line, Repeated + 1);

    public void AddRejected(FileRow row) => (Line, Rejected) = (row.Line, Rejected + 1);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"新导入 {Stored} 条，此前已导入 {Repeated} 条，未导入 {Rejected} 行"
        );

    public string Progress(long lines, TimeSpan elapsed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * Line / Math.Max(1, lines)}%：{this}，每秒 {Rows / Math.Max(0.001, elapsed.TotalSeconds):F0} 行"
        );
}
