using Npgsql;
using NpgsqlTypes;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.PostgreSql;

/// <summary>Makes parameters of the values of rows: one for each column.</summary>
internal sealed class RowParameters<TRow> : IColumnVisitor<TRow>
{
    private readonly List<Func<TRow, NpgsqlParameter>> _ofRow = [];
    private readonly List<Func<IReadOnlyList<TRow>, NpgsqlParameter>> _ofRows = [];

    public RowParameters(ColumnList<TRow> list) => list.Accept(this);

    /// <summary>Adds the values of one row.</summary>
    public void AddTo(NpgsqlBatchCommand command, TRow row)
    {
        foreach (var column in _ofRow)
            command.Parameters.Add(column(row));
    }

    /// <summary>Adds the values of several rows. Each parameter is an array.</summary>
    public void AddTo(NpgsqlBatchCommand command, IReadOnlyList<TRow> rows)
    {
        foreach (var column in _ofRows)
            command.Parameters.Add(column(rows));
    }

    public void Id(string name, Func<TRow, Guid> value) => Add(NpgsqlDbType.Uuid, value);

    public void Small(string name, Func<TRow, byte> value) => Add(NpgsqlDbType.Smallint, row => (short)value(row));

    public void Number(string name, Func<TRow, int> value) => Add(NpgsqlDbType.Integer, value);

    public void OptionalNumber(string name, Func<TRow, int?> value) => Add(NpgsqlDbType.Integer, value);

    public void Large(string name, Func<TRow, long> value) => Add(NpgsqlDbType.Bigint, value);

    public void Time(string name, Func<TRow, DateTimeOffset> value) => Add(NpgsqlDbType.TimestampTz, value);

    public void Date(string name, Func<TRow, DateOnly> value) => Add(NpgsqlDbType.Date, value);

    public void Text(string name, Func<TRow, string?> value) => Add(NpgsqlDbType.Text, value);

    public void Bytes(string name, Func<TRow, byte[]?> value) => Add(NpgsqlDbType.Bytea, value);

    private void Add<TValue>(NpgsqlDbType type, Func<TRow, TValue> value)
    {
        _ofRow.Add(row => new NpgsqlParameter<TValue> { TypedValue = value(row), NpgsqlDbType = type });
        _ofRows.Add(rows =>
        {
            var values = new TValue[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = value(rows[i]);
            return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
        });
    }
}
