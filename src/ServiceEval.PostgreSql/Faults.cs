using Npgsql;
using ServiceEval.Core.Ratings;

namespace ServiceEval.PostgreSql;

internal static class Faults
{
    /// <summary>Returns the exception for a caller if nothing was stored.</summary>
    public static Exception Refusal(Exception e) =>
        e switch
        {
            // The fault belongs to one request. So the caller can try the other requests of the batch without it.
            PostgresException { SqlState: ['2', '2' or '3', ..] or ['X', 'X', ..] } own => new InvalidDataException(
                $"PostgreSQL found a damaged or contradictory row ({own.SqlState}): {own.MessageText}",
                own
            ),
            PostgresException said => new NotStoredException(
                $"PostgreSQL refused the commit ({said.SqlState}): {said.MessageText}",
                said
            )
            {
                IsLocked =
                    said.SqlState
                        is PostgresErrorCodes.LockNotAvailable
                            or PostgresErrorCodes.SerializationFailure
                            or PostgresErrorCodes.DeadlockDetected,
            },
            OperationCanceledException => new NotStoredException("PostgreSQL did not answer in time.", e),
            _ => new NotStoredException($"PostgreSQL can't be reached: {e.Message}", e),
        };
}
