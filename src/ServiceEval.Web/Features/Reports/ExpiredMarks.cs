using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;

namespace ServiceEval.Web.Features.Reports;

/// <summary>Removes the device marks of weeks that no report is compiled of any more.</summary>
public sealed class ExpiredMarks(IWriteGate gate)
{
    /// <summary>Removes every mark before that date and says how many there were.</summary>
    public async Task<int> RemoveAsync(DateOnly needed, CancellationToken ct)
    {
        var removed = 0;
        while (await RemoveDateAsync(needed, ct) is > 0 and var count)
            removed += count;
        return removed;
    }

    /// <summary>A date a turn, for ratings wait meanwhile: a hundred thousand marks take some 20 ms.</summary>
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
