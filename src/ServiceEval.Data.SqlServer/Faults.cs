using Microsoft.Data.SqlClient;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.SqlServer;

internal static class Faults
{
    private const int LockTimeout = 1222;
    private const int Deadlock = 1205;
    private const int TransactionCount = 266;

    /// <summary>Whether the server said that somebody else holds what was asked for.</summary>
    public static bool IsLocked(SqlException e) => e.Number is LockTimeout or Deadlock;

    /// <summary>From here on the server ends the session.</summary>
    private const int FatalClass = 20;

    /// <summary>What a caller is told where nothing was stored.</summary>
    public static Exception Refusal(Exception e) =>
        e switch
        {
            // One request's own fault, so that the others of its batch can be tried without it.
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
    /// Whether the server itself said no and goes on: with XACT_ABORT it has undone all of the transaction by then.
    /// What the driver says by itself is no word of the server's (a time-out, a broken connection), and neither is an
    /// end of the session. A count of transactions that doesn't match is told after all has been done.
    /// </summary>
    public static bool IsAnswer(SqlException e) =>
        e.Errors.Cast<SqlError>().All(error => error is { Number: > 0 and not TransactionCount, Class: < FatalClass });

    private static bool IsOwnFault(int number) =>
        number
            is 2601
                or 2627
                or 547
                or 515 // A key that is there already, a constraint, a missing value.
                or 220
                or 241
                or 242
                or 245
                or 8114
                or 8115
                or 8152
                or 2628
                or 13609 // A value that is none of its type's, or too long.
                or 605
                or 823
                or 824
                or 825; // A damaged page.
}
