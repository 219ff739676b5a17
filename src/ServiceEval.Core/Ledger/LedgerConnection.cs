namespace ServiceEval.Core.Ledger;

/// <summary>A connection that cannot write, for one short read.</summary>
public abstract class LedgerConnection : IDisposable
{
    public abstract SuspectRows Query(string sql);

    /// <param name="after">The key after which a page begins.</param>
    public abstract SuspectRows Query(string sql, long after);

    /// <param name="after">The bytes of the key after which a page begins.</param>
    public abstract SuspectRows Query(string sql, byte[] after);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
