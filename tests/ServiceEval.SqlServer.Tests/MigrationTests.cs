using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Tests the migrations for faults that the schema checker cannot see.</summary>
public sealed class MigrationTests : IDisposable
{
    // A clustered index holds keys of at most 900 bytes, any other index at most 1700.
    private const int LongestKey = 900;
    private const int LongestIndex = 1_700;

    private readonly ServiceEvalDb _db = new DesignTimeFactory().CreateDbContext([]);

    private static IEnumerable<string> Batches => TSql.Parse(MigratedSchema.Script()).Batches.Select(b => b.Text());

    public void Dispose() => _db.Dispose();

    [Fact]
    public void No_change_of_the_model_lacks_its_migration() => Assert.False(_db.Database.HasPendingModelChanges());

    [Fact]
    public void The_idempotent_script_is_T_SQL_and_so_is_what_stands_in_its_texts()
    {
        Assert.NotEmpty(Batches);
        foreach (var batch in Batches)
        {
            foreach (var (sql, _) in TSql.Inner(batch))
                TSql.Parse(sql);
        }
    }

    /// <summary>
    /// Checks the schema itself. Also checks every statement of the script that changes rows against the schema that
    /// the other statements create.
    /// </summary>
    [Fact]
    public void The_script_makes_a_sound_schema_and_fills_it_soundly()
    {
        var changes = new List<Captured>();
        foreach (var batch in Batches)
        {
            var visitor = new Changes();
            TSql.Parse(batch).Accept(visitor);
            changes.AddRange(
                visitor
                    .Found.Concat(TSql.Inner(batch).Select(t => t.Sql).Where(IsChange))
                    .Select(sql => new Captured(sql, "", new Site("script", changes.Count)))
            );
        }
        Assert.Contains(changes, c => c.Sql.Contains("INSERT INTO [LedgerHead]", StringComparison.Ordinal));
        Assert.Empty(MigratedSchema.FaultsOf(changes));
    }

    [Fact]
    public void The_statements_for_the_migration_history_are_T_SQL()
    {
        var history = _db.GetService<IHistoryRepository>();
        var row = new HistoryRow("20261127000000_Name", "10.0.0");
        foreach (
            var sql in (string[])
                [
                    history.GetCreateScript(),
                    history.GetCreateIfNotExistsScript(),
                    history.GetInsertScript(row),
                    history.GetDeleteScript(row.MigrationId),
                    $"{history.GetBeginIfNotExistsScript("x")} SELECT 1; {history.GetEndIfScript()}",
                ]
        )
            TSql.Parse(sql);
    }

    /// <summary>Every table of the model must be in the schema that statements are checked against.</summary>
    [Fact]
    public void The_schema_that_statements_are_checked_against_is_the_models()
    {
        var tables = TSql.Unwrapped(MigratedSchema.Script())
            .OfType<CreateTableStatement>()
            .Select(t => t.SchemaObjectName.BaseIdentifier.Value);
        Assert.Equal(
            _db.Model.GetEntityTypes()
                .Select(e => e.GetTableName())
                .Append("__EFMigrationsHistory")
                .Order(StringComparer.Ordinal),
            tables.Order(StringComparer.Ordinal)
        );
    }

    /// <summary>SQL Server refuses a table that cascading deletes could reach in two ways.</summary>
    [Fact]
    public void Nothing_is_deleted_by_a_foreign_key() =>
        Assert.All(
            _db.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()),
            key =>
                Assert.Contains(
                    key.DeleteBehavior,
                    (DeleteBehavior[])[DeleteBehavior.Restrict, DeleteBehavior.NoAction]
                )
        );

    [Fact]
    public void No_key_is_longer_than_an_index_may_be()
    {
        Assert.All(
            _db.Model.GetEntityTypes().SelectMany(e => e.GetKeys()),
            key => Assert.InRange(Bytes(key.Properties), 1, LongestKey)
        );
        Assert.All(
            _db.Model.GetEntityTypes().SelectMany(e => e.GetIndexes()),
            index => Assert.InRange(Bytes(index.Properties), 1, LongestIndex)
        );
    }

    [Fact]
    public void Texts_of_keys_and_indexes_are_compared_by_their_bytes() =>
        Assert.All(
            _db.GetService<IDesignTimeModel>()
                .Model.GetEntityTypes()
                .SelectMany(e => e.GetProperties())
                .Where(p => p.ClrType == typeof(string) && (p.IsKey() || p.IsIndex())),
            property => Assert.Equal("Latin1_General_100_BIN2", property.GetCollation())
        );

    [Fact]
    public void Ids_are_sixteen_bytes_and_times_have_milliseconds() =>
        Assert.All(
            _db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()),
            property =>
            {
                if (property.ClrType == typeof(Guid))
                    Assert.Equal("binary(16)", property.GetColumnType());
                if (property.ClrType == typeof(DateTimeOffset))
                    Assert.Equal("datetimeoffset(3)", property.GetColumnType());
            }
        );

    private static int Bytes(IEnumerable<IReadOnlyProperty> properties) =>
        properties.Sum(property =>
            property.GetColumnType()! switch
            {
                "bit" or "tinyint" => 1,
                "date" => 3,
                "int" => 4,
                "bigint" => 8,
                "datetimeoffset(3)" => 9,
                var type when Length(type, "nvarchar") is { } length => 2 * length,
                var type when Length(type, "binary") is { } length => length,
                // This includes a text of unlimited length.
                var type => throw new InvalidOperationException(
                    $"{property.DeclaringType.DisplayName()}.{property.Name} is {type}, and can't be part of an index."
                ),
            }
        );

    private static int? Length(string type, string name) =>
        type.StartsWith($"{name}(", StringComparison.Ordinal)
        && int.TryParse(type[(name.Length + 1)..^1], CultureInfo.InvariantCulture, out var length)
            ? length
            : null;

    private static bool IsChange(string sql)
    {
        var visitor = new Changes();
        TSql.Parse(sql).Accept(visitor);
        return visitor.Found.Count > 0;
    }

    private sealed class Changes : TSqlFragmentVisitor
    {
        public List<string> Found { get; } = [];

        public override void Visit(InsertStatement node) => Found.Add(node.Text());

        public override void Visit(UpdateStatement node) => Found.Add(node.Text());

        public override void Visit(DeleteStatement node) => Found.Add(node.Text());
    }
}
