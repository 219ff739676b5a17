using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The invented history of a demonstration. Its screens show this history, so that they look as after weeks of use from
/// the first minute.
/// </summary>
internal sealed class MadeUpPast(IWriteGate writes)
{
    /// <summary>
    /// Marks the database and imports. The running nodes are told again after the import, so that their screens show
    /// all rows.
    /// </summary>
    /// <exception cref="OperatorException">The database is not a demonstration. Its screens show only ratings that
    /// citizens gave.</exception>
    public async Task ImportAsync(Func<Task> import, CancellationToken ct)
    {
        await ShowAsync(ct);
        await import();
        await ShowAsync(CancellationToken.None);
    }

    private async Task ShowAsync(CancellationToken ct)
    {
        var isDemo = await writes.WriteAsync(
            async (db, token) =>
            {
                if (await db.Installation.SingleOrDefaultAsync(i => i.Demo, token) is not { } installation)
                    return false;
                installation.ShowsMadeUpPast = true;
                installation.DirectoryVersion++;
                await db.SaveChangesAsync(token);
                return true;
            },
            ct
        );
        if (!isDemo)
            throw new OperatorException(
                "这不是演示数据库，不能用 --made-up：真实数据的屏幕上不应有编造的评价。没有导入任何内容。"
            );
    }
}
