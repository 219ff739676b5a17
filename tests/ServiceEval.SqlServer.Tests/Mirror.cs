using System.Collections;
using System.Data.Common;
using System.Diagnostics;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// While the product runs on a real database, this mirror sends every query and every save also to a context on SQL
/// Server. The SQL of that context is recorded and not sent. So all paths of the product run with real rows, and a
/// query that EF Core cannot translate for SQL Server fails at its place.
/// </summary>
public sealed class Mirror : SaveChangesInterceptor
{
    /// <summary>EF Core saves several rows of a type with other statements than one row.</summary>
    private const int Many = 5;

    private readonly DbContextOptions<ServiceEvalDb> _options;
    private readonly Lock _lock = new();
    private readonly List<Captured> _captured = [];

    public Mirror()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options
            .UseServiceEvalSqlServer("Server=nowhere;Database=serviceeval")
            .AddInterceptors(new Unsent(), new Keeping(this));
        _options = options.Options;
    }

    public IReadOnlyList<Captured> Captured
    {
        get
        {
            lock (_lock)
                return [.. _captured];
        }
    }

    public static Mirror? Of(DbContext context) =>
        context
            .GetService<IDbContextOptions>()
            .FindExtension<CoreOptionsExtension>()
            ?.Interceptors?.OfType<Mirror>()
            .SingleOrDefault();

    /// <summary>Translates the query for SQL Server and records the SQL.</summary>
    /// <exception cref="InvalidOperationException">EF Core cannot translate the query for SQL Server.</exception>
    public void Ask(Expression query)
    {
        using var twin = new ServiceEvalDb(_options);
        var provider = twin.GetService<IAsyncQueryProvider>();
        var asked = new Rooted(twin, provider).Visit(query);
        Expect(() =>
        {
            if (asked.Type.IsAssignableTo(typeof(IQueryable)))
                ((IEnumerable)provider.CreateQuery(asked)).GetEnumerator().MoveNext();
            else
                provider.Execute(asked);
        });
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Save(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Save(eventData.Context!);
        return new(result);
    }

    private void Save(DbContext context)
    {
        var changes = context
            .ChangeTracker.Entries()
            .Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .ToList();
        foreach (
            var alike in changes.GroupBy(e =>
                (
                    e.Metadata,
                    e.State,
                    string.Join(',', e.Properties.Where(p => p.IsModified).Select(p => p.Metadata.Name))
                )
            )
        )
        {
            Save([.. alike.Take(1)]);
            if (alike.Count() > 1)
                Save([.. alike.Take(Many)]);
        }
        if (changes.Count > 1)
            Save(changes);
    }

    private void Save(IReadOnlyList<EntityEntry> changes)
    {
        using var twin = new ServiceEvalDb(_options);
        twin.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        foreach (var change in changes)
        {
            var copy = twin.Entry(change.CurrentValues.ToObject());
            // The database is to generate this key. Each context has its own temporary value.
            foreach (var property in change.Properties.Where(p => p.IsTemporary))
                copy.Property(property.Metadata.Name).CurrentValue = 0;
            copy.State = change.State;
            foreach (var property in change.Properties)
            {
                var twinned = copy.Property(property.Metadata.Name);
                if (change.State != EntityState.Added)
                    twinned.OriginalValue = property.OriginalValue;
                if (change.State == EntityState.Modified && !property.Metadata.IsKey())
                    twinned.IsModified = property.IsModified;
            }
        }
        Expect(() => twin.SaveChanges());
    }

    private static void Expect(Action sending)
    {
        try
        {
            sending();
        }
        catch (Exception e) when (e is NotSentException || e.InnerException is NotSentException)
        {
            return;
        }
        throw new InvalidOperationException("Nothing was to be sent.");
    }

    private void Keep(DbCommand command)
    {
        var captured = ServiceEval.SqlServer.Tests.Captured.Of(command, Here());
        lock (_lock)
            _captured.Add(captured);
    }

    /// <summary>Returns the innermost place of the product on the stack.</summary>
    private static Site Here()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } path && Sources.Within(path) is { } file)
                return new Site(file, frame.GetFileLineNumber(), frame.GetILOffset());
        }
        return new Site("nowhere", 0);
    }

    /// <summary>Moves a query of another context to the tables of this context.</summary>
    private sealed class Rooted(ServiceEvalDb twin, IAsyncQueryProvider provider) : ExpressionVisitor
    {
        protected override Expression VisitExtension(Expression node) =>
            node is EntityQueryRootExpression root
                ? new EntityQueryRootExpression(provider, twin.Model.FindEntityType(root.EntityType.ClrType)!)
                : base.VisitExtension(node);

        // A query within a condition is a reference to the other context, so its expression is visited too.
        protected override Expression VisitMember(MemberExpression node) =>
            node.Type.IsAssignableTo(typeof(IQueryable)) && Value(node) is IQueryable query
                ? Visit(query.Expression)
                : base.VisitMember(node);

        private static object? Value(Expression node) =>
            Expression.Lambda<Func<object?>>(Expression.Convert(node, typeof(object))).Compile()();
    }

    private sealed class Keeping(Mirror mirror) : DbCommandInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result
        ) => throw Kept(command);

        public override InterceptionResult<int> NonQueryExecuting(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result
        ) => throw Kept(command);

        public override InterceptionResult<object> ScalarExecuting(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<object> result
        ) => throw Kept(command);

        private NotSentException Kept(DbCommand command)
        {
            mirror.Keep(command);
            return new NotSentException();
        }
    }

    private sealed class Unsent : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        ) => InterceptionResult.Suppress();

        public override InterceptionResult ConnectionClosing(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        ) => InterceptionResult.Suppress();
    }

    private sealed class NotSentException : Exception;
}
