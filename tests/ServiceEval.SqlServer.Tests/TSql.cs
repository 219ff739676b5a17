using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace ServiceEval.SqlServer.Tests;

/// <summary>T-SQL as its own parser reads it.</summary>
internal static class TSql
{
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public static TSqlScript Parse(string sql)
    {
        // As the driver's sessions have it.
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
    /// The statements that it carries as texts, with the parameters they declare; a checker of names doesn't look into
    /// texts.
    /// </summary>
    public static IReadOnlyList<(string Sql, string Parameters)> Inner(string sql) => TextsOf(sql).Texts;

    /// <summary>The same without them: the procedure that runs a text is no object of a schema.</summary>
    public static string WithoutTexts(string sql) =>
        TextsOf(sql).Runs.Aggregate(sql, (rest, run) => rest.Replace(run, "EXEC (N'')", StringComparison.Ordinal));

    private static TextsOfExecute TextsOf(string sql)
    {
        var visitor = new TextsOfExecute();
        Parse(sql).Accept(visitor);
        return visitor;
    }

    /// <summary>
    /// The names of the functions that it calls; whether there are such, no checker of schemas looks.
    /// </summary>
    public static IReadOnlySet<string> Functions(string sql)
    {
        var visitor = new Calls();
        Parse(sql).Accept(visitor);
        return visitor.Names;
    }

    /// <summary>
    /// The declarations of an idempotent migration: what stands in its conditions and texts, without them.
    /// </summary>
    public static IReadOnlyList<TSqlStatement> Unwrapped(string script)
    {
        var visitor = new Declarations();
        Parse(script).Accept(visitor);
        return visitor.Found;
    }

    private sealed class TextsOfExecute : TSqlFragmentVisitor
    {
        public List<(string Sql, string Parameters)> Texts { get; } = [];

        /// <summary>The statements that run them by a procedure.</summary>
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
