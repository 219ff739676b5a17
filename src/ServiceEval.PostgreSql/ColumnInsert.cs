using Npgsql;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Inserts any number of rows by one statement whose text never changes. Each column is one array, and <c>unnest</c>
/// turns the arrays into rows.
/// </summary>
internal abstract class ColumnInsert
{
    /// <summary>Returns the statements for all tables that the hot transaction writes.</summary>
    public static IReadOnlyList<ColumnInsert> OfAll()
    {
        var maker = new Maker();
        return [.. HotRows.Written().Select(table => table.Accept(maker))];
    }

    /// <summary>Adds the statement to the round trip if the batch has rows for the table.</summary>
    public abstract void AddTo(NpgsqlBatch trip, Batch batch);

    private sealed class Maker : ITableVisitor<ColumnInsert>
    {
        public ColumnInsert Visit<TRow>(WrittenTable<TRow> table) => new ColumnInsert<TRow>(table);
    }
}

internal sealed class ColumnInsert<TRow>(WrittenTable<TRow> table) : ColumnInsert
{
    private readonly RowParameters<TRow> _parameters = new(table.List);
    private readonly string _sql = table.List.Sums.Any() ? Add(table.List) : Insert(table.List);

    public override void AddTo(NpgsqlBatch trip, Batch batch)
    {
        var rows = table.RowsOf(batch);
        if (rows.Count == 0)
            return;
        var command = new NpgsqlBatchCommand(_sql);
        _parameters.AddTo(command, rows as IReadOnlyList<TRow> ?? [.. rows]);
        trip.BatchCommands.Add(command);
    }

    private static string Insert(ColumnList<TRow> list) =>
        $"INSERT INTO \"{list.Table}\" ({Names(list)}) SELECT * FROM {Arrays(list)}";

    /// <summary>
    /// Returns a statement that adds to the row that has the same key already. <c>MERGE</c> is safe here, because under
    /// the lock on the ledger head no other session adds such a row. <c>ON CONFLICT</c> would first lock each row and
    /// log that lock.
    /// </summary>
    private static string Add(ColumnList<TRow> list)
    {
        var same = string.Join(" AND ", list.Key.Select(c => $"t.\"{c.Name}\" = s.\"{c.Name}\""));
        var sums = string.Join(", ", list.Sums.Select(c => $"\"{c.Name}\" = t.\"{c.Name}\" + s.\"{c.Name}\""));
        return $"MERGE INTO \"{list.Table}\" AS t USING {Arrays(list)} AS s ({Names(list)}) ON {same} "
            + $"WHEN MATCHED THEN UPDATE SET {sums} "
            + $"WHEN NOT MATCHED THEN INSERT ({Names(list)}) VALUES ({Names(list, "s.")})";
    }

    private static string Names(ColumnList<TRow> list, string prefix = "") => list.Names(name => $"{prefix}\"{name}\"");

    private static string Arrays(ColumnList<TRow> list) =>
        $"unnest({string.Join(", ", list.Columns.Select((_, i) => $"${i + 1}"))})";
}
