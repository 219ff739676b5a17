namespace ServiceEval.Data.Ledger;

/// <summary>A connection that can't write, for one short read.</summary>
public abstract class LedgerConnection : IDisposable
{
    public abstract SuspectRows Query(string sql);

    /// <param name="after">For the key that a page begins after.</param>
    public abstract SuspectRows Query(string sql, long after);

    /// <param name="after">As above: a key's bytes.</param>
    public abstract SuspectRows Query(string sql, byte[] after);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
