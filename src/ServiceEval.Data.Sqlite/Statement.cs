using Microsoft.Data.Sqlite;

namespace ServiceEval.Data.Sqlite;

/// <summary>A statement prepared once and run many times, its parameters ?1, ?2, … given in order.</summary>
internal sealed class Statement(SqliteConnection connection, string sql) : IDisposable
{
    private readonly SqliteCommand _command = new(sql, connection);

    public void Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        _command.ExecuteNonQuery();
    }

    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        // The driver prepares on first use and keeps the statement as long as neither text nor parameters are replaced.
        if (_command.Parameters.Count == 0)
        {
            for (var i = 0; i < values.Length; i++) _command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i + 1}" });
        }
        for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
