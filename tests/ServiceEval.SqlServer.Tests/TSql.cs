using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Reads T-SQL with its own parser.</summary>
internal static class TSql
{
    /// <exception cref="InvalidOperationException">The text is not T-SQL.</exception>
    public static TSqlScript Parse(string sql)
    {
        // The sessions of the driver have this setting.
        var parsed = new TSql150Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
        if (errors.Count > 0)
            throw new InvalidOperationException(
                $"No T-SQL: {string.Join("; ", errors.Select(e => $"line {e.Line}: {e.Message}"))}\n{sql}"
            );
        return (TSqlScript)parsed;
    }

    public static string Text(this TSqlFragment fragment) =>
        string.Concat(
            fragment
                .ScriptTokenStream.Skip(fragment.FirstTokenIndex)
                .Take(fragment.LastTokenIndex - fragment.FirstTokenIndex + 1)
                .Select(t => t.Text)
        );

    /// <summary>
    /// Returns the statements that the SQL carries as texts, with the parameters that they declare. A checker of names
    /// does not look into texts.
    /// </summary>
    public static IReadOnlyList<(string Sql, string Parameters)> Inner(string sql) => TextsOf(sql).Texts;

    /// <summary>
    /// Returns the SQL without these texts, because the procedure that runs a text is not an object of a schema.
    /// </summary>
    public static string WithoutTexts(string sql) =>
        TextsOf(sql).Runs.Aggregate(sql, (rest, run) => rest.Replace(run, "EXEC (N'')", StringComparison.Ordinal));

    private static TextsOfExecute TextsOf(string sql)
    {
        var visitor = new TextsOfExecute();
        Parse(sql).Accept(visitor);
        return visitor;
    }

    /// <summary>
    /// Returns the names of the functions that the SQL calls. The schema checker does not check whether a function
    /// exists.
    /// </summary>
    public static IReadOnlySet<string> Functions(string sql)
    {
        var visitor = new Calls();
        Parse(sql).Accept(visitor);
        return visitor.Names;
    }

    /// <summary>Returns the declarations of an idempotent migration, taken out of their conditions and texts.</summary>
    public static IReadOnlyList<TSqlStatement> Unwrapped(string script)
    {
        var visitor = new Declarations();
        Parse(script).Accept(visitor);
        return visitor.Found;
    }

    private sealed class TextsOfExecute : TSqlFragmentVisitor
    {
        public List<(string Sql, string Parameters)> Texts { get; } = [];

        /// <summary>The statements that run the texts by a procedure.</summary>
        public List<string> Runs { get; } = [];

        public override void Visit(ExecuteStatement node)
        {
            switch (node.ExecuteSpecification.ExecutableEntity)
            {
                case ExecutableStringList strings:
                    Texts.Add((string.Concat(strings.Strings.Select(s => ((StringLiteral)s).Value)), ""));
                    break;
                case ExecutableProcedureReference
                {
                    ProcedureReference.ProcedureReference.Name.BaseIdentifier.Value: "sp_executesql"
                } procedure:
                    var texts = procedure
                        .Parameters.Take(2)
                        .Select(p => ((StringLiteral)p.ParameterValue).Value)
                        .ToList();
                    Texts.Add((texts[0], texts.ElementAtOrDefault(1) ?? ""));
                    Runs.Add(node.Text());
                    break;
            }
        }
    }

    private sealed class Calls : TSqlFragmentVisitor
    {
        public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

        public override void Visit(FunctionCall node) => Names.Add(node.FunctionName.Value);
    }

    private sealed class Declarations : TSqlFragmentVisitor
    {
        public List<TSqlStatement> Found { get; } = [];

        public override void Visit(CreateTableStatement node) => Found.Add(node);

        public override void Visit(CreateIndexStatement node) => Found.Add(node);

        public override void Visit(AlterTableStatement node) => Found.Add(node);

        public override void Visit(ExecutableStringList node)
        {
            foreach (var text in node.Strings)
                Parse(((StringLiteral)text).Value).Accept(this);
        }
    }
}
