using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// The command <c>ledger</c> with <c>keys</c>, <c>admit</c>, <c>rotate</c>, <c>renew</c> and <c>accept</c>.
/// </summary>
public static class LedgerKeyCommands
{
    private const int Tries = 20;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    public static Command Ledger() =>
        new("ledger", "查看、认可、更换账本的签名密钥") { Keys(), Admit(), Rotate(), Renew(), Accept() };

    private static Command Keys() =>
        CommandLine.HostCommand(
            "keys",
            "列出账本认可过的密钥",
            async (services, _, ct) =>
            {
                var keys = await KeysAsync(services, ct);
                var inForce = LedgerKey.InForce(keys);
                foreach (var key in keys)
                    Console.WriteLine(
                        $"{key.Id}\t{key.Fingerprint}\t{key.Name}\t{key.AdmittedAt:u}\t{(inForce.Contains(key) ? "有效" : "已停用")}"
                    );
                return 0;
            }
        );

    private static Command Admit() =>
        CommandLine.DatabaseCommand(
            "admit",
            "用本机的账本密钥认可正在等待的节点；用于只有导入程序签过名、又没有已认可的节点在运行时",
            async (services, _, ct) =>
            {
                if (!services.GetRequiredService<DatabaseEngine>().IsServer)
                    throw new OperatorException("SQLite 数据库只有一个节点，没有别的节点需要认可。");
                var before = await KeysAsync(services, ct);
                if (before.Count == 0)
                    throw new OperatorException("账本还没有密钥，不需要认可；第一个写入的节点会立下第一把。");
                await services.GetRequiredService<NodeAuthorship>().RequireAsync(ct);
                var admitted = (await KeysAsync(services, ct)).Skip(before.Count).ToList();
                foreach (var key in admitted)
                    Console.WriteLine($"已认可 {key.Name} 的账本密钥，指纹 {key.Fingerprint}。");
                if (admitted.Count == 0)
                    Console.WriteLine("没有可以认可的节点：请先启动它，并确认它登录数据库的口令与本机相同。");
                return 0;
            },
            makesDatabase: false
        );

    private static Command Rotate() =>
        CommandLine.DatabaseCommand(
            "rotate",
            "本节点换用新的账本密钥，由原有密钥签名认可；服务照常运行",
            async (services, _, ct) =>
            {
                await services.GetRequiredService<NodeAuthorship>().RequireAsync(ct);
                var next = await services.GetRequiredService<LedgerKeyFile>().DrawAsync(ct);
                services.GetRequiredService<LedgerAuthor>().Forget();
                await AppendAsync(services, new AdmitKey(next.PublicKey, Environment.MachineName), ct);
                Console.WriteLine($"已换用新的账本密钥，指纹 {next.Fingerprint}。请重新备份，使备份里有新密钥。");
                return 0;
            },
            makesDatabase: false
        );

    private static Command Renew() =>
        CommandLine.DatabaseCommand(
            "renew",
            "原有账本密钥都已丢失时另立新密钥；verify 会一直指出从哪个区块起换了签名者，直到用 --key 确认",
            async (services, _, ct) =>
            {
                var (file, keys) = (services.GetRequiredService<LedgerKeyFile>(), await KeysAsync(services, ct));
                var own = file.Load().Select(k => k.Fingerprint).ToHashSet(StringComparer.Ordinal);
                if (LedgerKey.InForce(keys).Exists(k => own.Contains(k.Fingerprint)))
                    throw new OperatorException("本机的账本密钥仍然有效，不需要另立；要更换请运行 ledger rotate。");
                if (keys.Count == 0)
                    throw new OperatorException("账本还没有密钥，不需要另立；服务写入第一条评价时会立下第一把。");
                await RefuseBesideNodesAsync(services, ct);
                var next = await file.DrawAsync(ct);
                await AppendAsync(services, new AdmitKey(next.PublicKey, Environment.MachineName, Renews: true), ct);
                Console.WriteLine(
                    $"已另立账本密钥，指纹 {next.Fingerprint}，原有密钥都已停用。请记下指纹，核验时用 verify --key {next.Fingerprint}。"
                );
                return 0;
            },
            makesDatabase: false
        );

    private static Command Accept() =>
        CommandLine.DatabaseCommand(
            "accept",
            "恢复了较早的备份以后，确认密钥文件记着、账本里却没有的认可记录，此后不再提示",
            async (services, _, ct) =>
            {
                var admissions = services.GetRequiredService<OwnAdmissions>();
                var databases = services.GetRequiredService<IDbContextFactory<ServiceEvalDb>>();
                await using var db = await databases.CreateDbContextAsync(ct);
                var lost = await admissions.LostAsync(db, ct);
                await admissions.ForgetAsync(lost, ct);
                foreach (var key in lost)
                    Console.WriteLine($"{key.Lost}。已确认，不再提示。");
                if (lost.Count == 0)
                    Console.WriteLine("密钥文件与账本相符，没有需要确认的。");
                return 0;
            },
            makesDatabase: false
        );

    /// <summary>
    /// Refuses a renewal while another node serves. That node may have a key in force, and then it admits this node's
    /// key.
    /// </summary>
    private static async Task RefuseBesideNodesAsync(IServiceProvider services, CancellationToken ct)
    {
        var databases = services.GetRequiredService<IDbContextFactory<ServiceEvalDb>>();
        foreach (var node in await NodeWatch.ReadAsync(databases, ct))
        {
            if (NodeWatch.IsGoneFromHere(node) || !await NodeWatch.BeatsAsync(databases, node.Id, node.Beat, ct))
                continue;
            throw new OperatorException(
                $"节点 {NodeWatch.NameOf(node.Machine, node.ProcessId)}还在使用这个数据库，没有另立密钥。它的密钥有效时会认可本节点；如果它也在等待，请先停掉所有节点。"
            );
        }
    }

    internal static async Task<List<LedgerKey>> KeysAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var db = await services
            .GetRequiredService<IDbContextFactory<ServiceEvalDb>>()
            .CreateDbContextAsync(ct);
        return await db.LedgerKeys.AsNoTracking().OrderBy(k => k.Id).ToListAsync(ct);
    }

    private static async Task AppendAsync(IServiceProvider services, AdmitKey request, CancellationToken ct)
    {
        for (var triesLeft = Tries; ; triesLeft--)
        {
            try
            {
                await services.GetRequiredService<IRatingStore>().CommitAsync([request], ct);
                return;
            }
            catch (NotStoredException e) when (e.IsLocked && triesLeft > 1)
            {
                // A serving node commits ratings at the same time.
                await Task.Delay(BetweenTries, TimeProvider.System, ct);
            }
            catch (Exception e) when (e is NotStoredException or OutcomeUnknownException)
            {
                throw new OperatorException(
                    $"新密钥已存入密钥文件，但没有写入账本：{DatabaseChoice.SentenceOn(e.InnerException ?? e) ?? "数据库没有接受。"}请再运行一次。",
                    e
                );
            }
        }
    }
}
