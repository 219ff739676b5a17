using Npgsql;
using NpgsqlTypes;
using ServiceEval.Core.Tallies;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Inserts any number of rows by one statement whose text never changes. Each column is one array, and <c>unnest</c>
/// turns the arrays into rows.
/// </summary>
internal sealed class ColumnInsert<T>(string table)
{
    private readonly List<(string Name, Func<IReadOnlyList<T>, NpgsqlParameter> Values)> _columns = [];
    private string? _sql;

    public ColumnInsert<T> Id(string name, Func<T, Guid> value) => Column(name, NpgsqlDbType.Uuid, value);

    public ColumnInsert<T> Small(string name, Func<T, byte> value) =>
        Column(name, NpgsqlDbType.Smallint, row => (short)value(row));

    public ColumnInsert<T> Int(string name, Func<T, int> value) => Column(name, NpgsqlDbType.Integer, value);

    public ColumnInsert<T> Long(string name, Func<T, long> value) => Column(name, NpgsqlDbType.Bigint, value);

    public ColumnInsert<T> Time(string name, Func<T, DateTimeOffset> value) =>
        Column(name, NpgsqlDbType.TimestampTz, value);

    public ColumnInsert<T> Date(string name, Func<T, DateOnly> value) => Column(name, NpgsqlDbType.Date, value);

    public ColumnInsert<T> Text(string name, Func<T, string?> value) => Column(name, NpgsqlDbType.Text, value);

    public ColumnInsert<T> Bytes(string name, Func<T, byte[]?> value) => Column(name, NpgsqlDbType.Bytea, value);

    public ColumnInsert<T> Counts(Func<T, GradeCounts> counts) =>
        this.Int("VerySatisfied", row => counts(row).VerySatisfied)
            .Int("Satisfied", row => counts(row).Satisfied)
            .Int("BasicallySatisfied", row => counts(row).BasicallySatisfied)
            .Int("Dissatisfied", row => counts(row).Dissatisfied)
            .Int("VeryDissatisfied", row => counts(row).VeryDissatisfied);

    /// <summary>
    /// Makes the statement add to the row that has the same key already. <c>MERGE</c> is safe here, because under the
    /// lock on the ledger head no other session adds such a row. <c>ON CONFLICT</c> would first lock each row and log
    /// that lock.
    /// </summary>
    /// <param name="keys">The number of first columns that are the key. The values of the other columns are
    /// added.</param>
    public ColumnInsert<T> AddingBy(int keys)
    {
        var same = _columns.Take(keys).Select(c => $"t.\"{c.Name}\" = s.\"{c.Name}\"");
        var sums = _columns.Skip(keys).Select(c => $"\"{c.Name}\" = t.\"{c.Name}\" + s.\"{c.Name}\"");
        _sql =
            $"MERGE INTO \"{table}\" AS t USING {Arrays()} AS s ({Names()}) ON {string.Join(" AND ", same)} "
            + $"WHEN MATCHED THEN UPDATE SET {string.Join(", ", sums)} WHEN NOT MATCHED THEN INSERT ({Names()}) VALUES ({Names("s.")})";
        return this;
    }

    public NpgsqlBatchCommand Of(IReadOnlyList<T> rows)
    {
        _sql ??= $"INSERT INTO \"{table}\" ({Names()}) SELECT * FROM {Arrays()}";
        var command = new NpgsqlBatchCommand(_sql);
        foreach (var column in _columns)
            command.Parameters.Add(column.Values(rows));
        return command;
    }

    private ColumnInsert<T> Column<TValue>(string name, NpgsqlDbType type, Func<T, TValue> value)
    {
        _columns.Add(
            (
                name,
                rows =>
                {
                    var values = new TValue[rows.Count];
                    for (var i = 0; i < values.Length; i++)
                        values[i] = value(rows[i]);
                    return new NpgsqlParameter<TValue[]>
                    {
                        TypedValue = values,
                        NpgsqlDbType = NpgsqlDbType.Array | type,
                    };
                }
            )
        );
        return this;
    }

    private string Names(string prefix = "") => string.Join(", ", _columns.Select(c => $"{prefix}\"{c.Name}\""));

    private string Arrays() => $"unnest({string.Join(", ", _columns.Select((_, i) => $"${i + 1}"))})";
}
