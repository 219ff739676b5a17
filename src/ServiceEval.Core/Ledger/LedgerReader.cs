using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// Reads the ledger for verification, in the same way on every database. A provider opens the connection and knows the
/// types and errors of its database.
/// </summary>
/// <param name="options">The options, used only for the names of the program's migrations. No connection is opened with
/// them.</param>
public abstract class LedgerReader(DbContextOptions<ServiceEvalDb> options) : ILedgerReader
{
    // A page must be small enough to become garbage before the garbage collector moves it. It must be large enough that
    // opening it costs little in comparison.
    protected const int PageSize = 2_000;

    /// <summary>
    /// The SQL that ends the query of a page, if the database would otherwise send the whole table. The query must
    /// return at least <see cref="PageSize"/> rows, and all rows of the last key.
    /// </summary>
    protected virtual string PageEnd => "";

    /// <summary>The same as <see cref="PageEnd"/>, for a database that has this clause before the columns.</summary>
    protected virtual string PageBegin => "";

    /// <summary>
    /// The SQL function that returns the length of a value in bytes, so that the value itself need not be read.
    /// </summary>
    protected virtual string LengthOf => "octet_length";

    /// <summary>The SQL parameter for the key after which a page begins.</summary>
    protected virtual string After => "$1";

    public Task<LedgerSnapshot> PinAsync(TallySums tallies, CancellationToken ct) =>
        ReadAsync(
            asOneMoment: true,
            connection =>
            {
                CheckSchema(connection);
                return PinnedLedger.Read(connection, tallies, LengthOf);
            },
            ct
        );

    public Task<long> LastSequenceAsync(CancellationToken ct) =>
        ReadAsync(asOneMoment: false, PinnedLedger.LastSequence, ct);

    public Task<IReadOnlyList<Stored<LedgerBlock>>> BlocksAfterAsync(long? sequence, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<Stored<LedgerBlock>>>(
            asOneMoment: false,
            connection =>
            {
                var sql = Page(HotRows.Blocks, isFirst: sequence is null);
                using var rows = sequence is { } after ? connection.Query(sql, after) : connection.Query(sql);
                var page = new List<Stored<LedgerBlock>>(PageSize);
                while (page.Count < PageSize && rows.Read())
                    page.Add(rows.Store(HotRows.Blocks.Read(rows)));
                return page;
            },
            ct
        );

    // A page ends between two keys, and only at a key of bytes, because only such a key can be bound again exactly as
    // it is. Some databases allow keys of another type in the column. These keys sort before all bytes, so all of them
    // are in the first page.
    public Task<LedgerPage<TRow>> PageAsync<TRow>(EntryKind<TRow> kind, byte[]? ratingId, CancellationToken ct)
        where TRow : class, ILedgerEntry =>
        ReadAsync(
            asOneMoment: false,
            connection =>
            {
                var sql = Page(kind.Rows, isFirst: ratingId is null);
                using var rows = ratingId is null ? connection.Query(sql) : connection.Query(sql, ratingId);
                var page = new List<Stored<TRow>>(PageSize);
                byte[]? last = null;
                while (rows.Read())
                {
                    if (page.Count >= PageSize)
                    {
                        var next = rows.Key(0);
                        if (last is not null && !last.AsSpan().SequenceEqual(next))
                            return new LedgerPage<TRow>(page, last);
                        last = next;
                    }
                    page.Add(rows.Store(kind.Rows.Read(rows)));
                    if (page.Count == PageSize)
                        last = rows.Key(0);
                }
                return new LedgerPage<TRow>(page, PageEnd.Length + PageBegin.Length == 0 ? null : last);
            },
            ct
        );

    public Task<LedgerPage<TRow>> WholeTableAsync<TRow>(EntryKind<TRow> kind, CancellationToken ct)
        where TRow : class, ILedgerEntry =>
        ReadAsync(
            asOneMoment: false,
            connection =>
            {
                var all = new List<Stored<TRow>>();
                // The rows are read page by page, because some databases would otherwise send the whole table.
                for (long? after = null; ; )
                {
                    var before = all.Count;
                    var sql = Page(kind.Rows, isFirst: after is null);
                    using var rows = after is { } number ? connection.Query(sql, number) : connection.Query(sql);
                    while (rows.Read())
                    {
                        if (all.Count == ILedgerReader.MostOfSmallTable)
                            return new LedgerPage<TRow>(all, null, HasMore: true);
                        all.Add(rows.Store(kind.Rows.Read(rows)));
                        after = rows.Number(0);
                    }
                    var isLast = PageEnd.Length + PageBegin.Length == 0 || all.Count - before < PageSize;
                    if (isLast)
                        return new LedgerPage<TRow>(all, null);
                }
            },
            ct
        );

    public Task ReadReportsAsync(Action<Stored<Report>> each, CancellationToken ct) =>
        ReadAsync(
            asOneMoment: false,
            connection =>
            {
                using var rows = connection.Query(
                    $"SELECT {VerifiedColumns.Reports.Select(LengthOf)} FROM \"Reports\" t "
                        + "ORDER BY t.\"Scope\", t.\"Week\", t.\"Version\""
                );
                while (rows.Read())
                {
                    ct.ThrowIfCancellationRequested();
                    each(rows.Store(VerifiedColumns.Reports.Read(rows)));
                }
                return true;
            },
            ct
        );

    public Task<PlacesFound> PlacesAsync(CancellationToken ct) =>
        ReadAsync(asOneMoment: true, connection => PlacesFound.Read(connection, LengthOf), ct);

    public Task ReadReportMailsAsync(Action<MailFound> each, CancellationToken ct) =>
        ReadAsync(
            asOneMoment: false,
            connection =>
            {
                using var rows = connection.Query(
                    $"SELECT {VerifiedColumns.Mails.Select(LengthOf)} FROM \"ReportMails\" t"
                );
                while (rows.Read())
                {
                    ct.ThrowIfCancellationRequested();
                    var mail = VerifiedColumns.Mails.Read(rows);
                    if (rows.Legible)
                        each(new(mail.Scope, mail.Week, mail.Version, mail.State == MailState.Sent ? mail.At : null));
                }
                return true;
            },
            ct
        );

    /// <summary>
    /// The name of the driver's assembly, if the driver can fail on a row with an exception that is not a
    /// <see cref="DbException"/>; otherwise null.
    /// </summary>
    protected virtual string? Driver => null;

    /// <param name="asOneMoment">True if all queries on the connection must see one snapshot.</param>
    protected abstract LedgerConnection Open(bool asOneMoment);

    /// <summary>Returns the reason why nothing can be verified.</summary>
    protected abstract LedgerUnreadableException Unreadable(DbException fault);

    /// <summary>Returns the query of a page in the order of the first column.</summary>
    private string Page<TRow>(ColumnList<TRow> rows, bool isFirst)
    {
        var key = $"t.\"{rows.Columns[0].Name}\"";
        var where = isFirst ? "" : $"WHERE {key} > {After}";
        return $"SELECT {PageBegin}{rows.Select(LengthOf)} FROM \"{rows.Table}\" t {where} ORDER BY {key} {PageEnd}";
    }

    /// <summary>
    /// Throws if the schema has another version, because this program cannot verify it. Verification does not migrate.
    /// </summary>
    private void CheckSchema(LedgerConnection connection)
    {
        using var db = new ServiceEvalDb(options);
        var ours = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        using (var rows = connection.Query("SELECT t.\"MigrationId\" FROM \"__EFMigrationsHistory\" t"))
        {
            while (rows.Read())
                applied.Add(rows.Text(0));
        }
        if (!applied.IsSubsetOf(ours))
            throw new LedgerUnreadableException(LedgerUnreadable.NewerThanProgram, applied.Except(ours).First());
        if (!ours.IsSubsetOf(applied))
            throw new LedgerUnreadableException(LedgerUnreadable.OlderThanProgram, ours.Except(applied).First());
    }

    // The read runs on another thread, because some drivers block the thread while they read. So the next page is read
    // while this page is hashed.
    private Task<T> ReadAsync<T>(bool asOneMoment, Func<LedgerConnection, T> read, CancellationToken ct) =>
        Task.Run(
            () =>
            {
                try
                {
                    using var connection = Open(asOneMoment);
                    return read(connection);
                }
                catch (DbException e)
                {
                    throw Unreadable(e);
                }
                catch (Exception e)
                    when (e is not OperationCanceledException && Driver is { } driver && e.Source == driver)
                {
                    throw new LedgerUnreadableException(LedgerUnreadable.DriverFailed, e.Message, e);
                }
            },
            ct
        );
}
