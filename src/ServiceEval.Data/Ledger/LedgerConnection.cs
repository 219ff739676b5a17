namespace ServiceEval.Data.Ledger;

/// <summary>A connection that can't write, for one short read.</summary>
public abstract class LedgerConnection : IDisposable
{
    public abstract SuspectRows Query(string sql);

    /// <param name="after">For <c>$1</c>.</param>
    public abstract SuspectRows Query(string sql, long after);

    /// <param name="after">For <c>$1</c>: a key's bytes.</param>
    public abstract SuspectRows Query(string sql, byte[] after);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
