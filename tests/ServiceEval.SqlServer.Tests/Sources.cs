using System.Collections.Frozen;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ServiceEval.SqlServer.Tests;

/// <summary>The product's source, and the places in it where EF Core queries the database.</summary>
internal static class Sources
{
    /// <summary>The methods that end a query or save changes.</summary>
    private static readonly FrozenSet<string> Ends = FrozenSet.ToFrozenSet(
        [
            "ToListAsync",
            "ToArrayAsync",
            "ToDictionaryAsync",
            "ToHashSetAsync",
            "SingleAsync",
            "SingleOrDefaultAsync",
            "FirstAsync",
            "FirstOrDefaultAsync",
            "LastAsync",
            "LastOrDefaultAsync",
            "AnyAsync",
            "AllAsync",
            "CountAsync",
            "LongCountAsync",
            "SumAsync",
            "MinAsync",
            "MaxAsync",
            "AverageAsync",
            "ContainsAsync",
            "LoadAsync",
            "ForEachAsync",
            "AsAsyncEnumerable",
            "ExecuteUpdateAsync",
            "ExecuteDeleteAsync",
            "SaveChangesAsync",
            "SaveChanges",
            "ExecuteUpdate",
            "ExecuteDelete",
            "ExecuteSqlAsync",
            "ExecuteSqlRawAsync",
            "FromSql",
            "FromSqlRaw",
            "SqlQuery",
            "SqlQueryRaw",
        ],
        StringComparer.Ordinal
    );

    private static readonly string Root = FindRoot();

    /// <summary>
    /// Returns the path from the root folder, with slashes; null if the file does not belong to the product.
    /// </summary>
    public static string? Within(string path)
    {
        var plain = path.Replace('\\', '/');
        var at = plain.LastIndexOf("/src/ServiceEval.", StringComparison.Ordinal);
        return at < 0 ? null : plain[(at + 1)..];
    }

    /// <summary>
    /// Returns every place that queries the database. The place is the line on which the statement begins, because the
    /// debugger and a stack trace give this line.
    /// </summary>
    public static IEnumerable<Site> Asking() =>
        from folder in (string[])["src/ServiceEval.Web", "src/ServiceEval.Core"]
        from path in FilesOf(folder)
        from call in CSharpSyntaxTree
            .ParseText(File.ReadAllText(path))
            .GetRoot()
            .DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax member && Ends.Contains(member.Name.Identifier.ValueText)
        select new Site(Within(path)!, Beginning(call).GetLocation().GetLineSpan().StartLinePosition.Line + 1);

    public static IEnumerable<string> FilesOf(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path =>
                Within(path) is { } file
                && !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
            );

    private static SyntaxNode Beginning(SyntaxNode call) =>
        call.AncestorsAndSelf()
            .First(node =>
                node.Parent switch
                {
                    LambdaExpressionSyntax lambda => node == lambda.Body,
                    ArrowExpressionClauseSyntax => true,
                    CommonForEachStatementSyntax loop => node == loop.Expression,
                    _ => node is StatementSyntax,
                }
            );

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "ServiceEval.sln")))
            directory =
                Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("No solution above the tests.");
        return directory;
    }
}
