using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace ServiceEval.Sqlite;

/// <summary>
/// Adds WITHOUT ROWID to the tables that <see cref="SqliteModelCustomizer"/> has marked, because EF Core does not know
/// this option.
/// </summary>
internal sealed class WithoutRowIdSqlGenerator(
    MigrationsSqlGeneratorDependencies dependencies,
    IRelationalAnnotationProvider annotations
) : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(
        CreateTableOperation operation,
        IModel? model,
        MigrationCommandListBuilder builder,
        bool terminate = true
    )
    {
        base.Generate(operation, model, builder, terminate: false);
        if (IsWithoutRowId(operation.Name, model))
            builder.Append(" WITHOUT ROWID");
        if (!terminate)
            return;
        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }

    // On SQLite, most changes of a column build the table again under a name with this prefix.
    private static bool IsWithoutRowId(string table, IModel? model)
    {
        var name = table.StartsWith("ef_temp_", StringComparison.Ordinal) ? table["ef_temp_".Length..] : table;
        return model
                ?.GetEntityTypes()
                .Any(e => e.GetTableName() == name && e.FindAnnotation(SqliteModelCustomizer.WithoutRowId) is not null)
            ?? false;
    }
}
