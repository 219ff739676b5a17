using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Nodes;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>
/// Registers this node among the nodes of the database and updates its heartbeat. It refuses a start that would leave
/// screens without updates, or that would let two nodes use one database file. It also detects nodes whose heartbeat
/// stops.
/// </summary>
internal sealed partial class NodeRegistry(
    DatabaseEngine engine,
    IDbContextFactory<ServiceEvalDb> databases,
    IWriteGate gate,
    IOptions<ServiceEvalOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<NodeRegistry> logger
) : BackgroundService
{
    // Other processes send heartbeats by the real clock, so the real clock is used even if a test fakes the time.
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A node is considered dead after it has missed this many heartbeats, counted by our own heartbeats.
    /// </summary>
    private const int BeatsOfPatience = 3;

    private static readonly TimeSpan RowLife = TimeSpan.FromMinutes(10);

    private readonly Dictionary<int, (long Beat, int Missed)> _others = [];
    private Node? _self;
    private bool _isFailing;

    /// <summary>
    /// Raised if a node ended or its heartbeat stopped. This node must then announce the ratings that the other node
    /// committed but did not announce. A handler must only set a flag.
    /// </summary>
    public event Action? Lost;

    /// <exception cref="OperatorException">This node must not serve beside the nodes that are already running.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        // The heartbeat starts first, so that a node that starts at the same time sees this node.
        await base.StartAsync(cancellationToken);
        if (await FindObjectionAsync(cancellationToken) is { } objection)
            throw new OperatorException(objection);
        await ForgetAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_self is null)
            return;
        try
        {
            await gate.WriteAsync(
                (db, ct) => db.Nodes.Where(n => n.Id == _self.Id).ExecuteDeleteAsync(ct),
                cancellationToken
            );
        }
        catch (Exception e) when (DatabaseChoice.SentenceOn(e) is not null || e is OperationCanceledException)
        {
            // The row stays without a heartbeat. Other nodes notice that.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await BeatAsync(stoppingToken);
                Watch(await OthersAsync(stoppingToken));
                _isFailing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_isFailing)
                    Log.NotBeaten(logger, e);
                _isFailing = true;
            }
        }
    }

    private async Task<string?> FindObjectionAsync(CancellationToken ct)
    {
        foreach (var other in await OthersAsync(ct))
        {
            if (Objection(other) is { } objection && await IsAliveAsync(other, ct))
                return objection;
        }
        return null;
    }

    /// <summary>Returns why this node must not serve together with the other node; null if it may.</summary>
    private string? Objection(Node other)
    {
        var process = NodeWatch.NameOf(other.Machine, other.ProcessId);
        if (!engine.IsServer)
            return $"{process}上的 ServiceEval 正在使用这个 SQLite 数据库，而 SQLite 只能由一个节点使用。请先停掉它；需要多个节点时改用 PostgreSQL 或 SQL Server。";
        if (!_self!.HasRedis)
            return $"节点 {process}正在使用这个数据库。多个节点要设置同一个 ServiceEval__Redis，否则一个节点收到的评价，另一个节点的大厅屏幕不会立即显示。";
        return other.HasRedis
            ? null
            : $"正在运行的节点 {process}没有设置 ServiceEval__Redis。请先给它设置好并重新启动，再启动这个节点。";
    }

    private async Task<bool> IsAliveAsync(Node other, CancellationToken ct)
    {
        if (NodeWatch.IsGoneFromHere(other) || NodeWatch.IsThisProcess(other))
            return false;
        Log.Watching(logger, other.Machine, other.ProcessId);
        // Without this line, the user would see no output in the terminal during the wait.
        await Console.Error.WriteLineAsync(
            $"{NodeWatch.NameOf(other.Machine, other.ProcessId)}上的 ServiceEval 登记过在使用这个数据库。正在确认它是否还在运行，最多等 {NodeWatch.Patience.TotalSeconds:0} 秒。"
        );
        return await NodeWatch.BeatsAsync(databases, other.Id, other.Beat, ct);
    }

    private Task EnterAsync(CancellationToken ct) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                _self = new Node
                {
                    Machine = Environment.MachineName,
                    ProcessId = Environment.ProcessId,
                    Place = NodeWatch.Place,
                    HasRedis = !string.IsNullOrEmpty(options.Value.Redis),
                    SeenAt = time.GetUtcNow().ToMilliseconds(),
                };
                db.Add(_self);
                return await db.SaveChangesAsync(token);
            },
            ct
        );

    /// <summary>
    /// Deletes rows without a recent heartbeat. The clock may be wrong in either direction, but that does no harm: a
    /// living node that loses its row adds a new row with its next heartbeat.
    /// </summary>
    private Task ForgetAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().ToMilliseconds();
        var (before, after) = (now - RowLife, now + RowLife);
        return gate.WriteAsync(
            (db, token) =>
                db
                    .Nodes.Where(n => (n.SeenAt < before || n.SeenAt > after) && n.Id != _self!.Id)
                    .ExecuteDeleteAsync(token),
            ct
        );
    }

    internal async Task BeatAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().ToMilliseconds();
        var known = await gate.WriteAsync(
            (db, token) =>
                db
                    .Nodes.Where(n => n.Id == _self!.Id)
                    .ExecuteUpdateAsync(
                        node => node.SetProperty(n => n.Beat, n => n.Beat + 1).SetProperty(n => n.SeenAt, now),
                        token
                    ),
            ct
        );
        if (known > 0)
            return;
        // The row is missing because the database was restored, or because this machine slept so long that another node
        // has replaced this one.
        await EnterAsync(ct);
        if (await FindObjectionAsync(ct) is not { } objection)
            return;
        Log.Replaced(logger, objection);
        lifetime.StopApplication();
    }

    private async Task<List<Node>> OthersAsync(CancellationToken ct) =>
        [.. (await NodeWatch.ReadAsync(databases, ct)).Where(n => n.Id != _self!.Id)];

    private void Watch(IReadOnlyList<Node> present)
    {
        var lost = _others.Keys.Except(present.Select(n => n.Id)).ToList();
        foreach (var id in lost)
            _others.Remove(id);
        var isLost = lost.Count > 0;
        foreach (var node in present)
        {
            var missed =
                _others.TryGetValue(node.Id, out var before) && before.Beat == node.Beat ? before.Missed + 1 : 0;
            _others[node.Id] = (node.Beat, missed);
            isLost |= missed == BeatsOfPatience;
        }
        if (isLost)
            Lost?.Invoke();
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Warning, "This node's heartbeat was not stored. The next attempt is in seconds")]
        public static partial void NotBeaten(ILogger logger, Exception exception);

        [LoggerMessage(
            5002,
            LogLevel.Information,
            "{Machine} (process {ProcessId}) is registered on this database. This node checks whether it still runs"
        )]
        public static partial void Watching(ILogger logger, string machine, int processId);

        [LoggerMessage(5003, LogLevel.Critical, "This node lost its registration and must stop: {Objection}")]
        public static partial void Replaced(ILogger logger, string objection);
    }
}
