using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Refuses to store ratings on a file system in memory, because an acknowledged rating would be lost without power.
/// Demonstrations and development are allowed.
/// </summary>
internal sealed class VolatileStorage(
    DatabaseEngine engine,
    IOptions<ServiceEvalOptions> options,
    IHostEnvironment environment
)
{
    /// <exception cref="OperatorException">The database file or its keys are in memory and would be lost without
    /// power.</exception>
    public async Task RefuseAsync(CancellationToken ct)
    {
        if (Find() is not { } found || await IsAllowedAsync(ct))
            return;
        throw new OperatorException(
            $"{found.Path} 在内存文件系统 {found.Kind} 上，断电或重启后评价会全部丢失，所以没有启动；请用 ServiceEval__DataDirectory 换到磁盘上的目录。"
                + "演示数据库和开发环境（ASPNETCORE_ENVIRONMENT=Development）不受此限。"
        );
    }

    /// <summary>Returns the place of the database file or its keys if it is in memory; otherwise null.</summary>
    public (string Path, string Kind)? Find() =>
        engine.File is not { } file
            ? null
            : ((string[])[file.Path, options.Value.DataPath])
                .Select(path => (path, Storage.InMemory(path)))
                .Where(p => p.Item2 is not null)
                .Select(p => ((string, string)?)p!)
                .FirstOrDefault();

    public async Task<bool> IsAllowedAsync(CancellationToken ct) =>
        environment.IsDevelopment()
        || (
            engine.File is { Exists: true }
            && await engine.Inspection.ReadAsync((db, token) => db.Installation.AnyAsync(i => i.Demo, token), ct)
        );
}
