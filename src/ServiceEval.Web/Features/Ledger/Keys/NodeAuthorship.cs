using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Tells whether this node may sign blocks. On a server, a new node asks, and a node that is already admitted signs the
/// new node's key into the ledger. On a database file there is only one node, so it cannot ask another node.
/// </summary>
internal sealed partial class NodeAuthorship(
    DatabaseEngine engine,
    IDbContextFactory<ServiceEvalDb> databases,
    IWriteGate gate,
    LedgerAuthor author,
    LedgerKeyFile file,
    ILogger<NodeAuthorship> logger
) : BackgroundService
{
    // Other processes use the system clock, so the pace uses it even if a test replaces the clock.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time to wait for an admission. It is long enough for a running node to answer. After that, this node
    /// continues, and it is not ready until a node answers.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _refused = [];
    private bool _isFailing;

    /// <summary>The reason why this node may not sign yet; null if it may sign.</summary>
    public string? Waiting { get; private set; }

    /// <exception cref="OperatorException">The key is lost, is damaged or belongs to another ledger.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        if (!engine.IsServer)
            return;
        await base.StartAsync(cancellationToken);
        if (Waiting is null && !await IsOneOfSeveralAsync(cancellationToken))
            return;
        await WaitAsync(cancellationToken);
        if (Waiting is null)
            return;
        Log.Waits(logger, Waiting);
        await Console.Error.WriteLineAsync(Waiting);
    }

    /// <summary>Waits until this process may sign. A command that appends calls this method.</summary>
    /// <exception cref="OperatorException">This process may not sign.</exception>
    public async Task RequireAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        if (Waiting is null)
        {
            // A command that commits first is the ledger's author, so it already answers nodes that ask.
            if (engine.IsServer)
                await TurnAsync(ct);
            return;
        }
        await WaitAsync(ct, TurnAsync);
        if (Waiting is not null)
            throw new OperatorException(Waiting);
    }

    /// <summary>
    /// Waits like <see cref="RequireAsync"/>, for a command that appends for a long time. The process also answers
    /// nodes that ask, until the returned object is disposed of. A command may be the first author of a ledger, and
    /// then no other process can answer.
    /// </summary>
    /// <exception cref="OperatorException">This process may not sign.</exception>
    public async Task<IAsyncDisposable> AnswerAsync(CancellationToken ct)
    {
        await RequireAsync(ct);
        if (engine.IsServer)
            await base.StartAsync(ct);
        return new Answering(this);
    }

    /// <summary>Returns whether from now on only this process's key file can admit nodes.</summary>
    public async Task<bool> IsOnlyAuthorAsync(CancellationToken ct)
    {
        if (!engine.IsServer)
            return false;
        var own = file.Load().Select(k => k.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var inForce = LedgerKey.InForce(await KeysAsync(ct));
        return inForce.Count > 0 && inForce.TrueForAll(k => own.Contains(k.Fingerprint));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, TimeProvider.System);
        do
        {
            try
            {
                await TurnAsync(stoppingToken);
                _isFailing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_isFailing)
                    Log.NotAsked(logger, e);
                _isFailing = true;
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        var authorship = Look(await KeysAsync(ct));
        if (Waiting is null)
            return;
        if (!engine.IsServer)
            throw new OperatorException(file.OnForeign);
        // A key that another node has ended does not come into force again, so a new key is created.
        if (authorship.IsEnded)
            await file.DrawAsync(ct);
    }

    /// <summary>Asks for this node's admission, or answers nodes that ask.</summary>
    internal async Task TurnAsync(CancellationToken ct)
    {
        var keys = await KeysAsync(ct);
        var authorship = Look(keys);
        await using var db = await databases.CreateDbContextAsync(ct);
        var requests = await db.LedgerKeyRequests.AsNoTracking().ToListAsync(ct);
        var own = authorship.Own!;
        var (isKnown, isAsked) = (
            keys.Any(k => k.Fingerprint == own.Fingerprint),
            requests.Exists(r => r.Fingerprint == own.Fingerprint)
        );
        if (!isKnown && !isAsked)
            await AskAsync(own, ct);
        if (isKnown && isAsked)
            await ForgetAsync(own.Fingerprint, ct);
        if (Waiting is not null)
            return;
        foreach (var request in requests.Where(r => r.Fingerprint != own.Fingerprint))
            await AnswerAsync(request, ct);
    }

    private Authorship Look(IReadOnlyList<LedgerKey> keys)
    {
        var authorship = author.Over(keys);
        Waiting = authorship.IsAdmitted
            ? null
            : $"本节点的账本密钥（指纹 {authorship.Own!.Fingerprint}）还没有得到运行中节点的认可，暂不能接收评价，正在等待。"
                + "各节点登录数据库的口令要相同；如果没有其他节点在运行，请在有已认可密钥的数据目录（例如导入历史评价时所用的）运行 ledger admit；"
                + "这样的密钥都已丢失时，请停下本节点，运行 ledger renew 另立密钥。";
        return authorship;
    }

    private Task AskAsync(SigningKey own, CancellationToken ct) =>
        gate.WriteAsync(
            (db, token) =>
            {
                db.Add(LedgerKeyRequest.Of(own, author.Name, engine.Password));
                return db.SaveChangesAsync(token);
            },
            ct
        );

    private async Task AnswerAsync(LedgerKeyRequest request, CancellationToken ct)
    {
        var proof = $"{request.Fingerprint}:{Convert.ToHexString(request.Proof)}";
        if (_refused.Contains(proof))
            return;
        if (request.IsProvenBy(engine.Password))
        {
            await engine.Ratings.CommitAsync([new AdmitKey(request.PublicKey, request.Name)], ct);
            await ForgetAsync(request.Fingerprint, ct);
            Log.Admitted(logger, request.Name, request.Fingerprint);
        }
        else
        {
            _refused.Add(proof);
            Log.Refused(logger, request.Name, request.Fingerprint);
        }
    }

    private Task ForgetAsync(string fingerprint, CancellationToken ct) =>
        gate.WriteAsync(
            (db, token) => db.LedgerKeyRequests.Where(r => r.Fingerprint == fingerprint).ExecuteDeleteAsync(token),
            ct
        );

    private async Task<IReadOnlyList<LedgerKey>> KeysAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        // A damaged name or time of a key must not stop the service, so these columns are not read.
        return await db
            .LedgerKeys.OrderBy(k => k.Id)
            .Select(k => new LedgerKey
            {
                Id = k.Id,
                PublicKey = k.PublicKey,
                Replaces = k.Replaces,
            })
            .ToListAsync(ct);
    }

    /// <summary>
    /// Returns whether several nodes start together on a ledger without a key. The node that appends first is then the
    /// ledger's author, and the other nodes need its admission.
    /// </summary>
    private async Task<bool> IsOneOfSeveralAsync(CancellationToken ct) =>
        (await KeysAsync(ct)).Count == 0
        && (await NodeWatch.ReadAsync(databases, ct)).Exists(n =>
            !NodeWatch.IsThisProcess(n) && !NodeWatch.IsGoneFromHere(n)
        );

    private async Task WaitAsync(CancellationToken ct, Func<CancellationToken, Task>? turn = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            if (turn is not null)
                await turn(ct);
            var keys = await KeysAsync(ct);
            Look(keys);
            if (Waiting is null && keys.Count > 0)
                return;
            await Task.Delay(Pace / 5, TimeProvider.System, ct);
        }
    }

    private sealed class Answering(NodeAuthorship authorship) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (authorship.ExecuteTask is null)
                return;
            await authorship.StopAsync(CancellationToken.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1111, LogLevel.Warning, "{Sentence}")]
        public static partial void Waits(ILogger logger, string sentence);

        [LoggerMessage(1112, LogLevel.Error, "The ledger keys could not be read. The node tries again")]
        public static partial void NotAsked(ILogger logger, Exception exception);

        [LoggerMessage(1113, LogLevel.Warning, "The ledger key of node {Name} was admitted: {Fingerprint}")]
        public static partial void Admitted(ILogger logger, string name, string fingerprint);

        [LoggerMessage(
            1114,
            LogLevel.Error,
            "The ledger key of {Name} ({Fingerprint}) was not admitted. Its node did not prove that it has the same database password as this node"
        )]
        public static partial void Refused(ILogger logger, string name, string fingerprint);
    }
}
