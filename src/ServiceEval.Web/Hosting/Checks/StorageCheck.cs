using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting.Checks;

/// <summary>
/// Checks the storage of the data: on a disk, with free space, writable for this account and closed to other accounts.
/// </summary>
internal sealed class StorageCheck(DatabaseEngine engine, VolatileStorage memory, IOptions<ServiceEvalOptions> options)
    : Check
{
    private const long Little = 256L << 20,
        Scarce = 2L << 30;

    public override string Name => "storage";
    public override string Title => "存储";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var data = options.Value.DataPath;
        string[] places =
        [
            data,
            .. engine.File is { } file && Path.GetDirectoryName(file.Path) is { } elsewhere && elsewhere != data
                ? [elsewhere]
                : (string[])[],
        ];
        foreach (var place in places.Where(Directory.Exists))
            Examine(findings, place);
        if (places.FirstOrDefault(p => !Directory.Exists(p)) is { } missing)
            findings.Fault(
                $"没有目录 {missing}",
                "如是新装，请运行 serve 或 migrate；否则请检查 ServiceEval__DataDirectory。"
            );
        if (memory.Find() is { } found)
        {
            var what = $"{found.Path} 在内存文件系统 {found.Kind} 上，断电或重启后数据会全部丢失";
            if (await memory.IsAllowedAsync(ct))
                findings.Warning(what, "演示和开发可以这样。");
            else
                findings.Fault(what, "请用 ServiceEval__DataDirectory 换到磁盘上的目录。");
        }
        if (findings.Worst == FindingState.Ok)
            findings.Ok($"{data} 可写，剩余 {Storage.Free(data) >> 20} MB");
    }

    private static void Examine(Findings findings, string place)
    {
        if (!Storage.IsWritable(place))
            findings.Fault(
                $"当前账号不能写 {place}",
                "请用运行服务的账号来检查；如果就是这个账号，请把目录交给它（chown）。"
            );
        var free = Storage.Free(place);
        if (free < Little)
            findings.Fault($"{place} 只剩 {free >> 20} MB，很快就不能再保存评价", "请立即腾出空间。");
        else if (free < Scarce)
            findings.Warning($"{place} 只剩 {free >> 20} MB", "请腾出空间：升级和备份还要留出数据库的一到两倍。");
        if (
            !OperatingSystem.IsWindows()
            && (
                File.GetUnixFileMode(place)
                & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)
            ) != 0
        )
            findings.Warning($"本机其他账号可以进入 {place}，里面有群众的留言", $"请运行 chmod o-rwx {place}。");
    }
}
