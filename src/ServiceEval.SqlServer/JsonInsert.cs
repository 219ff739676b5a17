using System.Buffers;
using System.Data;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.SqlServer;

/// <summary>
/// Inserts any number of rows by statements whose text never changes. The rows are one parameter, a JSON array of
/// arrays, and <c>OPENJSON</c> turns it into rows. Bytes are base64 in the JSON, and <c>OPENJSON</c> decodes them if
/// the column is <c>varbinary</c>. No column has a stated length, so that a value that is too long is an error and is
/// not cut.
/// </summary>
internal sealed class JsonInsert<TRow> : IColumnVisitor<TRow>
{
    // This JSON is not part of an HTML page, so it needs no escapes for HTML.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Name, string Type, string As, Action<Utf8JsonWriter, TRow> Write)> _columns = [];
    private readonly string _parameter;
    private readonly string _sql;

    public JsonInsert(ColumnList<TRow> list)
    {
        list.Accept(this);
        (_parameter, _sql) = ($"@{list.Table}", Sql(list));
    }

    public void AddTo(StringBuilder sql, SqlParameterCollection parameters, IReadOnlyCollection<TRow> rows)
    {
        sql.Append(_sql);
        parameters.Add(_parameter, SqlDbType.NVarChar, -1).Value = Write(rows);
    }

    public void Id(string name, Func<TRow, Guid> value) =>
        Add(
            name,
            "varbinary(max)",
            (json, row) => json.WriteBase64StringValue(value(row).ToByteArray(bigEndian: true)),
            $"CONVERT(binary(16), s.[{name}])"
        );

    public void Small(string name, Func<TRow, byte> value) =>
        Add(name, "tinyint", (json, row) => json.WriteNumberValue(value(row)));

    public void Number(string name, Func<TRow, int> value) =>
        Add(name, "int", (json, row) => json.WriteNumberValue(value(row)));

    public void OptionalNumber(string name, Func<TRow, int?> value) =>
        Add(
            name,
            "int",
            (json, row) =>
            {
                if (value(row) is { } number)
                    json.WriteNumberValue(number);
                else
                    json.WriteNullValue();
            }
        );

    public void Large(string name, Func<TRow, long> value) =>
        Add(name, "bigint", (json, row) => json.WriteNumberValue(value(row)));

    public void Time(string name, Func<TRow, DateTimeOffset> value) =>
        Add(name, "datetimeoffset(3)", (json, row) => json.WriteStringValue(value(row)));

    public void Date(string name, Func<TRow, DateOnly> value) =>
        Add(name, "date", (json, row) => json.WriteStringValue(value(row).ToString("o", CultureInfo.InvariantCulture)));

    // A text from JSON has the collation of the database, and its column has another one. The SQL names the collation,
    // because the text may be compared with the column.
    public void Text(string name, Func<TRow, string?> value) =>
        Add(
            name,
            "nvarchar(max)",
            (json, row) => json.WriteStringValue(value(row)),
            $"s.[{name}] COLLATE {SqlServerModelCustomizer.Bytewise}"
        );

    public void Bytes(string name, Func<TRow, byte[]?> value) =>
        Add(
            name,
            "varbinary(max)",
            (json, row) =>
            {
                if (value(row) is { } bytes)
                    json.WriteBase64StringValue(bytes);
                else
                    json.WriteNullValue();
            }
        );

    private void Add(string name, string type, Action<Utf8JsonWriter, TRow> write, string? select = null) =>
        _columns.Add((name, type, select ?? $"s.[{name}]", write));

    private string Sql(ColumnList<TRow> list)
    {
        var columns = _columns.Select((c, i) => FormattableString.Invariant($"[{c.Name}] {c.Type} '$[{i}]'"));
        var source = $"OPENJSON(@{list.Table}) WITH ({string.Join(", ", columns)}) AS s";
        var insert =
            $"INSERT INTO [{list.Table}] ({list.Names(name => $"[{name}]")})\n"
            + $"SELECT {string.Join(", ", _columns.Select(c => c.As))} FROM {source}";
        if (!list.Sums.Any())
            return $"{insert};\n";

        // Existing rows are updated first, and missing rows are inserted afterwards. Under the lock on the head no
        // other session writes between the two statements.
        var same = string.Join(" AND ", list.Key.Zip(_columns, (c, key) => $"t.[{c.Name}] = {key.As}"));
        var sums = string.Join(", ", list.Sums.Select(c => $"t.[{c.Name}] = t.[{c.Name}] + s.[{c.Name}]"));
        return $"""
            UPDATE t SET {sums} FROM {source}
            INNER LOOP JOIN [{list.Table}] AS t ON {same};
            {insert} WHERE NOT EXISTS (SELECT 1 FROM [{list.Table}] AS t WHERE {same}) OPTION (LOOP JOIN);

            """;
    }

    private string Write(IReadOnlyCollection<TRow> rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartArray();
                foreach (var column in _columns)
                    column.Write(json, row);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
