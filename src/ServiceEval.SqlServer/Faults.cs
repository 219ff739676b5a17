using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ratings;

namespace ServiceEval.SqlServer;

internal static class Faults
{
    private const int LockTimeout = 1222;
    private const int Deadlock = 1205;
    private const int TransactionCount = 266;

    /// <summary>Returns true if the server reported that another session holds the lock.</summary>
    public static bool IsLocked(SqlException e) => e.Number is LockTimeout or Deadlock;

    /// <summary>From this severity class on, the server ends the session.</summary>
    private const int FatalClass = 20;

    /// <summary>Returns the exception for a caller if nothing was stored.</summary>
    public static Exception Refusal(Exception e) =>
        e switch
        {
            // The fault belongs to one request. So the caller can try the other requests of the batch without it.
            SqlException { Number: var number } own when IsOwnFault(number) => new InvalidDataException(
                $"SQL Server found a damaged or contradictory row ({number}): {own.Message}",
                own
            ),
            SqlException said when IsAnswer(said) => new NotStoredException(
                $"SQL Server refused the commit ({said.Number}): {said.Message}",
                said
            )
            {
                IsLocked = IsLocked(said),
            },
            OperationCanceledException => new NotStoredException("SQL Server did not answer in time.", e),
            _ => new NotStoredException($"SQL Server can't be reached: {e.Message}", e),
        };

    /// <summary>
    /// Returns true if the server itself reported the error and goes on. With XACT_ABORT, the server has then rolled
    /// back the whole transaction. An error that the driver reports by itself (a time-out, a broken connection) is not
    /// an answer of the server, and neither is the end of the session. A wrong number of transactions is reported after
    /// everything has been executed, so it is not a refusal.
    /// </summary>
    public static bool IsAnswer(SqlException e) =>
        e.Errors.Cast<SqlError>().All(error => error is { Number: > 0 and not TransactionCount, Class: < FatalClass });

    private static bool IsOwnFault(int number) =>
        number
            is 2601
                or 2627
                or 547
                or 515 // A key exists already, a constraint failed, or a value is missing.
                or 220
                or 241
                or 242
                or 245
                or 8114
                or 8115
                or 8152
                or 2628
                or 13609 // A value does not fit its type, or it is too long.
                or 605
                or 823
                or 824
                or 825; // A page is damaged.
}
