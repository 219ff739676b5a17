using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Web.Hosting;

/// <summary>No citizen is thanked for a rating that lies in memory; demonstrations and development may.</summary>
internal static class VolatileStorage
{
    /// <exception cref="StartException">The database file would be gone with the machine's power.</exception>
    public static async Task RefuseAsync(IServiceProvider services, CancellationToken ct)
    {
        var engine = services.GetRequiredService<DatabaseEngine>();
        if (engine.File is not { } file || Storage.InMemory(file.Path) is not { } kind) return;
        if (services.GetRequiredService<IHostEnvironment>().IsDevelopment() || (file.Exists && await IsDemoAsync(engine, ct))) return;
        throw new StartException(
            $"数据库 {file.Path} 在内存文件系统 {kind} 上，断电或重启后评价会全部丢失，所以没有启动；请用 ServiceEval__DataDirectory 换到磁盘上的目录。"
            + "演示数据库和开发环境（ASPNETCORE_ENVIRONMENT=Development）不受此限。");
    }

    private static Task<bool> IsDemoAsync(DatabaseEngine engine, CancellationToken ct) =>
        engine.Inspection.ReadAsync((db, token) => db.Installation.AnyAsync(i => i.Demo, token), ct);
}
