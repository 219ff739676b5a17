using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Nodes;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>
/// Enters this node among those that serve on the database and keeps its beat. A start is refused that would leave
/// screens in the dark or give a file two masters; and a node that falls silent is noticed.
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
    // Other processes beat by the real clock, also where time is faked.
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Whoever has not beaten for so many of our own beats is gone.</summary>
    private const int BeatsOfPatience = 3;

    private static readonly TimeSpan RowLife = TimeSpan.FromMinutes(10);

    private readonly Dictionary<int, (long Beat, int Missed)> _others = [];
    private Node? _self;
    private bool _isFailing;

    /// <summary>
    /// A node ended or fell silent: what it had committed and not announced is ours to announce. Handlers only take
    /// note.
    /// </summary>
    public event Action? Lost;

    /// <exception cref="StartException">This node can't serve beside those that do already.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        // First, so that whoever starts meanwhile sees us.
        await base.StartAsync(cancellationToken);
        if (await FindObjectionAsync(cancellationToken) is { } objection)
            throw new StartException(objection);
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
            // Whoever looks at the row finds that it has no beat.
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

    /// <summary>Why this node can't serve while that one does; null if it can.</summary>
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
        // Whoever started it looks at a terminal on which nothing moves meanwhile.
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
    /// Rows that nobody beats any more, by a clock that may be wrong either way: a living node that loses its row
    /// enters a new one with its next beat.
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
        // A database that was restored has lost the row; or this machine slept so long that another one took its place.
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
        [LoggerMessage(5001, LogLevel.Warning, "This node's beat was not noted; trying again")]
        public static partial void NotBeaten(ILogger logger, Exception exception);

        [LoggerMessage(
            5002,
            LogLevel.Information,
            "{Machine} (process {ProcessId}) was serving on this database; finding out whether it still is"
        )]
        public static partial void Watching(ILogger logger, string machine, int processId);

        [LoggerMessage(5003, LogLevel.Critical, "This node was taken for gone and replaced, and stops: {Objection}")]
        public static partial void Replaced(ILogger logger, string objection);
    }
}
