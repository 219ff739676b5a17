using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ServiceEval.Core;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Hosting;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// EF Core asks for its migration lock without a time-out. sp_getapplock then waits for the LOCK_TIMEOUT of the
/// session. Without this setting it waits without end.
/// </summary>
public sealed class MigrationLockTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_migration_waits_for_another_for_half_a_minute_and_then_says_so_in_one_sentence()
    {
        var held = new HeldLock();
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlServer("Server=nowhere;Database=serviceeval").AddInterceptors(held, new Unsent());
        await using var db = new ServiceEvalDb(options.Options);

        var refused = await Assert.ThrowsAsync<OperatorException>(() => SqlServerEngine.MigrateUnderLockAsync(db, Ct));

        Assert.Contains("等了 30 秒还没有结束", refused.Message, StringComparison.Ordinal);
        Assert.Equal("SET LOCK_TIMEOUT 30000", held.Sent[0]);
        var asked = held.Sent.Single(sql => sql.Contains("sp_getapplock", StringComparison.Ordinal));
        // A batch with parameters runs as a procedure, and a setting of a procedure ends with the procedure.
        Assert.False(held.HasParameters);
        // With this parameter the session's setting would have no effect.
        Assert.DoesNotContain("@LockTimeout", asked, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A server on which another process holds the lock: it answers -1 after the time-out.</summary>
    private sealed class HeldLock : DbCommandInterceptor
    {
        private const int TimedOut = -1;

        public List<string> Sent { get; } = [];
        public bool HasParameters { get; private set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            Note(command);
            return new(InterceptionResult<int>.SuppressWithResult(0));
        }

        public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<object> result,
            CancellationToken cancellationToken = default
        )
        {
            Note(command);
            return new(InterceptionResult<object>.SuppressWithResult(TimedOut));
        }

        private void Note(DbCommand command)
        {
            Sent.Add(command.CommandText);
            var isSetting = command.CommandText.StartsWith("SET", StringComparison.Ordinal);
            HasParameters |= isSetting && command.Parameters.Count > 0;
        }
    }

    private sealed class Unsent : DbConnectionInterceptor
    {
        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        ) => new(InterceptionResult.Suppress());

        public override InterceptionResult ConnectionClosing(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        ) => InterceptionResult.Suppress();

        public override ValueTask<InterceptionResult> ConnectionClosingAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        ) => new(InterceptionResult.Suppress());
    }
}
