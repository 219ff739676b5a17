using ServiceEval.Core.Mail;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// The queries of verification. Every column name has the alias <c>t</c> of its table, because SQLite reads a quoted
/// name without an alias as a text if there is no such column. A column of text or bytes may hold a value of any
/// length. If the value is longer than any that our program writes, the database does not send it.
/// </summary>
internal static class VerifiedColumns
{
    /// <summary>
    /// The maximum length of a report, in bytes. The report of a county with 60 halls has about 500 kB.
    /// </summary>
    private const int LongestReport = 32 << 20;

    public static readonly ColumnList<Report> Reports = new ColumnList<Report>("Reports", NoReport, boundsBytes: true)
        .Text(r => r.Scope, HotRows.LongestName)
        .Text(r => r.Week, HotRows.LongestName)
        .Number(r => r.Version)
        .Bytes(r => r.DataHash, 32)
        .Bytes(r => r.ContentHash, 32)
        .Large(r => r.LedgerSequence)
        .Bytes(r => r.LedgerHash, 32)
        .Time(r => r.CompiledAt)
        .Text(r => r.Json, LongestReport);

    public static readonly ColumnList<ReportMail> Mails = new ColumnList<ReportMail>("ReportMails", NoMail)
        .Text(m => m.Scope, HotRows.LongestName)
        .Text(m => m.Week, HotRows.LongestName)
        .Number(m => m.Version)
        .Small(m => m.State)
        .Time(m => m.At);

    /// <summary>Returns the columns of a SELECT.</summary>
    /// <param name="lengthOf">The database's name for the function that returns the length of a value in bytes.</param>
    public static string Select<TRow>(this ColumnList<TRow> list, string lengthOf) =>
        string.Join(
            ", ",
            list.Columns.Select(c =>
                c.Longest is not { } longest ? $"t.\"{c.Name}\""
                : c.IsOptionalText ? BoundedOrEmpty(c.Name, longest, lengthOf)
                : Bounded(c.Name, longest, lengthOf)
            )
        );

    public static string Columns(params IEnumerable<string> names) =>
        string.Join(", ", names.Select(n => $"t.\"{n}\""));

    public static string Bounded(string name, int bytes, string lengthOf) =>
        FormattableString.Invariant($"CASE WHEN {lengthOf}(t.\"{name}\") <= {bytes} THEN t.\"{name}\" END");

    /// <summary>
    /// An empty text stands for a text that is too long. Our program never writes an empty text here. NULL would say
    /// that there is no text.
    /// </summary>
    private static string BoundedOrEmpty(string name, int bytes, string lengthOf) =>
        $"CASE WHEN t.\"{name}\" IS NOT NULL THEN COALESCE({Bounded(name, bytes, lengthOf)}, '') END";

    private static Report NoReport() =>
        new()
        {
            Scope = "",
            Week = "",
            DataHash = [],
            ContentHash = [],
            LedgerHash = [],
            Json = "",
        };

    private static ReportMail NoMail() =>
        new()
        {
            Scope = "",
            Week = "",
            Recipient = "",
        };
}
