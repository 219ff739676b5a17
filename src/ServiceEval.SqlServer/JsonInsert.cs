using System.Buffers;
using System.Data;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Tallies;

namespace ServiceEval.SqlServer;

/// <summary>
/// Inserts any number of rows by statements whose text never changes. The rows are one parameter, a JSON array of
/// arrays, and <c>OPENJSON</c> turns it into rows. Bytes are base64 in the JSON, and <c>OPENJSON</c> decodes them if
/// the column is <c>varbinary</c>. No column has a stated length, so that a value that is too long is an error and is
/// not cut.
/// </summary>
internal sealed class JsonInsert<T>(string table)
{
    // This JSON is not part of an HTML page, so it needs no escapes for HTML.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Name, string Type, string As, Action<Utf8JsonWriter, T> Write)> _columns = [];
    private int _keys;
    private string? _sql;

    public JsonInsert<T> Id(string name, Func<T, Guid> value) =>
        Column(
            name,
            "varbinary(max)",
            $"CONVERT(binary(16), s.[{name}])",
            (json, row) => json.WriteBase64StringValue(value(row).ToByteArray(bigEndian: true))
        );

    public JsonInsert<T> Small(string name, Func<T, byte> value) =>
        Column(name, "tinyint", (json, row) => json.WriteNumberValue(value(row)));

    public JsonInsert<T> Int(string name, Func<T, int> value) =>
        Column(name, "int", (json, row) => json.WriteNumberValue(value(row)));

    public JsonInsert<T> Long(string name, Func<T, long> value) =>
        Column(name, "bigint", (json, row) => json.WriteNumberValue(value(row)));

    public JsonInsert<T> Time(string name, Func<T, DateTimeOffset> value) =>
        Column(name, "datetimeoffset(3)", (json, row) => json.WriteStringValue(value(row)));

    public JsonInsert<T> Date(string name, Func<T, DateOnly> value) =>
        Column(
            name,
            "date",
            (json, row) =>
                json.WriteStringValue(value(row).ToString("o", System.Globalization.CultureInfo.InvariantCulture))
        );

    public JsonInsert<T> Text(string name, Func<T, string?> value) =>
        Column(name, "nvarchar(max)", (json, row) => json.WriteStringValue(value(row)));

    /// <summary>
    /// Adds a column for a text that is compared. The text has the collation of the database, and its column has
    /// another one. So the SQL names the collation.
    /// </summary>
    public JsonInsert<T> Key(string name, Func<T, string> value) =>
        Column(
            name,
            "nvarchar(max)",
            $"s.[{name}] COLLATE {SqlServerModelCustomizer.Bytewise}",
            (json, row) => json.WriteStringValue(value(row))
        );

    public JsonInsert<T> Bytes(string name, Func<T, byte[]?> value) =>
        Column(
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

    public JsonInsert<T> Counts(Func<T, GradeCounts> counts) =>
        this.Int("VerySatisfied", row => counts(row).VerySatisfied)
            .Int("Satisfied", row => counts(row).Satisfied)
            .Int("BasicallySatisfied", row => counts(row).BasicallySatisfied)
            .Int("Dissatisfied", row => counts(row).Dissatisfied)
            .Int("VeryDissatisfied", row => counts(row).VeryDissatisfied);

    /// <summary>Makes the statement add to the row that has the same key already.</summary>
    /// <param name="keys">The number of first columns that are the key. The values of the other columns are
    /// added.</param>
    public JsonInsert<T> AddingBy(int keys)
    {
        _keys = keys;
        return this;
    }

    public void AddTo(StringBuilder sql, SqlParameterCollection parameters, IReadOnlyList<T> rows)
    {
        sql.Append(_sql ??= Sql());
        parameters.Add($"@{table}", SqlDbType.NVarChar, -1).Value = Write(rows);
    }

    private JsonInsert<T> Column(string name, string type, Action<Utf8JsonWriter, T> write) =>
        Column(name, type, $"s.[{name}]", write);

    private JsonInsert<T> Column(string name, string type, string select, Action<Utf8JsonWriter, T> write)
    {
        _columns.Add((name, type, select, write));
        return this;
    }

    private string Sql()
    {
        var source =
            $"OPENJSON(@{table}) WITH ({string.Join(", ", _columns.Select((c, i) => FormattableString.Invariant($"[{c.Name}] {c.Type} '$[{i}]'")))}) AS s";
        var insert =
            $"INSERT INTO [{table}] ({string.Join(", ", _columns.Select(c => $"[{c.Name}]"))})\nSELECT {string.Join(", ", _columns.Select(c => c.As))} FROM {source}";
        if (_keys == 0)
            return $"{insert};\n";

        // Existing rows are updated first, and missing rows are inserted afterwards. Under the lock on the head no
        // other session writes between the two statements.
        var same = string.Join(" AND ", _columns.Take(_keys).Select(c => $"t.[{c.Name}] = {c.As}"));
        var sums = string.Join(", ", _columns.Skip(_keys).Select(c => $"t.[{c.Name}] = t.[{c.Name}] + s.[{c.Name}]"));
        return $"""
            UPDATE t SET {sums} FROM {source}
            INNER LOOP JOIN [{table}] AS t ON {same};
            {insert} WHERE NOT EXISTS (SELECT 1 FROM [{table}] AS t WHERE {same}) OPTION (LOOP JOIN);

            """;
    }

    private string Write(IReadOnlyList<T> rows)
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
