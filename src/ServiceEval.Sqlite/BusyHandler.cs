using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace ServiceEval.Sqlite;

/// <summary>
/// A busy handler. It waits for the write lock of another process and tries again every millisecond. SQLite's own busy
/// handler sleeps longer each time, up to a tenth of a second. So it misses the pauses of an import that runs beside
/// the host.
/// </summary>
internal sealed class BusyHandler
{
    /// <summary>After this time the citizen gets the answer that nothing was stored.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // This field keeps the delegate alive, because the garbage collector does not see that SQLite holds it too.
    private readonly BusyCallback _handler;
    private long _since;

    public BusyHandler() => _handler = WaitOn;

    private delegate int BusyCallback(IntPtr context, int count);

    /// <summary>
    /// Installs the handler. It works as long as this object is kept. A busy_timeout that is set afterwards replaces
    /// it.
    /// </summary>
    public void Install(SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(
            sqlite3_busy_handler(connection.Handle!.DangerousGetHandle(), _handler, IntPtr.Zero),
            connection.Handle
        );

    /// <summary>Returns 0 to give up, and another value to try again.</summary>
    private int WaitOn(IntPtr context, int count)
    {
        if (count == 0)
            _since = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_since) > Patience)
            return 0;
        _ = sqlite3_sleep(1);
        return 1;
    }

    [
        DllImport("e_sqlite3"),
        DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)
    ]
    private static extern int sqlite3_busy_handler(IntPtr connection, BusyCallback handler, IntPtr context);

    [
        DllImport("e_sqlite3"),
        DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)
    ]
    private static extern int sqlite3_sleep(int milliseconds);
}
