using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace ServiceEval.Data.Sqlite;

/// <summary>
/// Waits for another process's write lock and looks again every millisecond. SQLite's own waiting sleeps longer and
/// longer, up to a tenth of a second, and so misses pause after pause of an import that runs beside the host.
/// </summary>
internal sealed class PromptWaiting
{
    /// <summary>Then a citizen is told that nothing was stored.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Held here: the collector does not see that SQLite holds it too.
    private readonly BusyHandler _handler;
    private long _since;

    public PromptWaiting() => _handler = WaitOn;

    private delegate int BusyHandler(IntPtr context, int count);

    /// <summary>For as long as this object is kept; any busy_timeout set afterwards replaces it.</summary>
    public void Install(SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(
            sqlite3_busy_handler(connection.Handle!.DangerousGetHandle(), _handler, IntPtr.Zero),
            connection.Handle
        );

    /// <summary>Not 0: look again.</summary>
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
    private static extern int sqlite3_busy_handler(IntPtr connection, BusyHandler handler, IntPtr context);

    [
        DllImport("e_sqlite3"),
        DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)
    ]
    private static extern int sqlite3_sleep(int milliseconds);
}
