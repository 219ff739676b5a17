using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Reports;

/// <summary>Removes the device marks of weeks for which no report is compiled any more.</summary>
public sealed class ExpiredMarks(IWriteGate gate)
{
    /// <summary>Removes all marks before this date and returns the number of removed marks.</summary>
    public async Task<int> RemoveAsync(DateOnly needed, CancellationToken ct)
    {
        var removed = 0;
        while (await RemoveDateAsync(needed, ct) is > 0 and var count)
            removed += count;
        return removed;
    }

    /// <summary>
    /// Removes the marks of one date. Each transaction removes one date only, because ratings wait during the
    /// transaction: a hundred thousand marks take about 20 ms.
    /// </summary>
    private Task<int> RemoveDateAsync(DateOnly needed, CancellationToken ct) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                var oldest = await db
                    .DeviceMarks.OrderBy(m => m.LocalDate)
                    .Select(m => (DateOnly?)m.LocalDate)
                    .FirstOrDefaultAsync(token);
                return oldest < needed
                    ? await db.DeviceMarks.Where(m => m.LocalDate == oldest).ExecuteDeleteAsync(token)
                    : 0;
            },
            ct
        );
}
