using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// The schema that the migrations create, in SQL Server's own model of schemas. The names and types of a statement are
/// looked up in it.
/// </summary>
internal static class MigratedSchema
{
    /// <summary>
    /// All functions that the product's statements call. SQL Server has had them since 2016 or longer.
    /// </summary>
    private static readonly HashSet<string> Functions = new(
        ["DATALENGTH", "COUNT", "MAX", "MIN", "SUM", "SUBSTRING"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly Lazy<IReadOnlyList<string>> Declarations = new(() => Folded(TSql.Unwrapped(Script())));

    /// <summary>
    /// Returns the script for an administrator who wants to see it first. It runs on any earlier version.
    /// </summary>
    public static string Script()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        return db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
    }

    /// <summary>
    /// Returns the faults in these statements and in the statements that they carry as texts. Each statement must be
    /// one that a procedure can contain.
    /// </summary>
    public static IReadOnlyList<string> FaultsOf(IEnumerable<Captured> statements)
    {
        // This is the collation of a Chinese installation. It differs from the collation of the keys.
        using var model = new TSqlModel(
            SqlServerVersion.Sql150,
            new TSqlModelOptions { Collation = "Chinese_PRC_CI_AS" }
        );
        foreach (var declaration in Declarations.Value)
            model.AddObjects(declaration);
        var faults = Messages(model).ToList();
        var sources = new Dictionary<string, Captured>(StringComparer.Ordinal);
        foreach (var statement in statements.SelectMany(Unfolded))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"statement{sources.Count + 1}");
            sources.Add(name, statement);
            var declared = statement.Parameters.Length == 0 ? "" : $"({statement.Parameters})";
            try
            {
                faults.AddRange(
                    TSql.Functions(statement.Sql)
                        .Except(Functions, StringComparer.OrdinalIgnoreCase)
                        .Select(f => $"{statement.Site}: {f} is no function that is known here.")
                );
                model.AddObjects($"CREATE PROCEDURE [dbo].[{name}] {declared} AS BEGIN\n{statement.Sql}\nEND");
            }
            catch (Exception e) when (e is InvalidOperationException or DacModelException)
            {
                faults.Add($"{statement.Site}: {e.Message}");
            }
        }
        faults.AddRange(Messages(model).Except(faults));
        return
        [
            .. faults.Select(fault =>
                sources
                    .Where(s => fault.Contains($"[{s.Key}]", StringComparison.Ordinal))
                    .Select(s => $"{s.Value.Site}: {fault}\n{s.Value.Sql}")
                    .FirstOrDefault()
                ?? fault
            ),
        ];
    }

    private static IEnumerable<Captured> Unfolded(Captured statement)
    {
        IReadOnlyList<(string Sql, string Parameters)> inner;
        try
        {
            inner = TSql.Inner(statement.Sql);
        }
        catch (InvalidOperationException)
        {
            // The checker reports this statement as it is.
            return [statement];
        }
        return inner
            .SelectMany(i => Unfolded(new Captured(i.Sql, i.Parameters, statement.Site)))
            .Prepend(statement with { Sql = TSql.WithoutTexts(statement.Sql) });
    }

    // SQL Server's model reports a missing name only as a warning.
    /// <summary>
    /// Moves added columns into the declarations of their tables, because a schema model does not accept columns that
    /// are added later.
    /// </summary>
    private static List<string> Folded(IReadOnlyList<TSqlStatement> statements)
    {
        var (texts, tables) = (new List<string>(), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        foreach (var statement in statements)
        {
            if (statement is AlterTableAddTableElementStatement { Definition.ColumnDefinitions.Count: > 0 } added)
            {
                var at = tables[added.SchemaObjectName.BaseIdentifier.Value];
                texts[at] = $"{texts[at][..texts[at].LastIndexOf(')')]}, {added.Definition.Text()})";
                continue;
            }
            if (statement is CreateTableStatement table)
                tables[table.SchemaObjectName.BaseIdentifier.Value] = texts.Count;
            texts.Add(statement.Text());
        }
        return texts;
    }

    private static IEnumerable<string> Messages(TSqlModel model) => model.Validate().Select(m => m.ToString());
}
