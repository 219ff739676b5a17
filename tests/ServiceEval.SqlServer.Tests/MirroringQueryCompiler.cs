using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// Receives every query before its values are taken out of it. EF Core has no public service at this place.
/// </summary>
#pragma warning disable EF1001 // See the summary.
internal sealed class MirroringQueryCompiler(
    IQueryContextFactory contexts,
    ICompiledQueryCache cache,
    ICompiledQueryCacheKeyGenerator keys,
    IDatabase database,
    IDiagnosticsLogger<DbLoggerCategory.Query> logger,
    ICurrentDbContext current,
    IEvaluatableExpressionFilter filter,
    IModel model
) : QueryCompiler(contexts, cache, keys, database, logger, current, filter, model)
{
    private readonly DbContext _context = current.Context;

    public override TResult Execute<TResult>(Expression query)
    {
        Mirror.Of(_context)?.Ask(query);
        return base.Execute<TResult>(query);
    }

    public override TResult ExecuteAsync<TResult>(Expression query, CancellationToken cancellationToken = default)
    {
        Mirror.Of(_context)?.Ask(query);
        return base.ExecuteAsync<TResult>(query, cancellationToken);
    }
}
