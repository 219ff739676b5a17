using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Boards;

/// <summary>A screen that watches a hall and can wait for messages.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HubConnection _connection;
    private readonly List<(Func<bool> IsMet, TaskCompletionSource Met)> _waiting = [];
    private Board? _board;
    private int _count;

    private Screen(HubConnection connection) => _connection = connection;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<Screen> WatchAsync(TestHost host, string hall = TestHost.Hall) => WatchAsync(host.Address, hall);

    public static async Task<Screen> WatchAsync(Uri server, string hall = TestHost.Hall)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(server, "/hubs/board"))
            .AddJsonProtocol(json => Json.Configure(json.PayloadSerializerOptions))
            .Build();
        var screen = new Screen(connection);
        connection.On<Board>("Released", screen.Show);
        connection.On<string, int>("Received", (_, count) => screen.Note(() => screen._count = count));
        await connection.StartAsync(Ct);
        screen.Show(await connection.InvokeAsync<Board>("Watch", hall, Ct));
        return screen;
    }

    /// <summary>Polls as a screen without the hub does, until the board is as wanted.</summary>
    public static async Task<Board> AskAsync(HttpClient client, Func<Board, bool> wanted, string hall = TestHost.Hall)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Limit);
        while (true)
        {
            using var response = await client.GetAsync($"/api/v1/halls/{hall}/board", patience.Token);
            if (await TestHost.ReadAsync<Board>(response) is var board && wanted(board))
                return board;
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    public Task<Board> ReleasedAsync(long version) => ReleasedAsync(b => b.Version >= version);

    public async Task<Board> ReleasedAsync(Func<Board, bool> wanted)
    {
        await UntilAsync(() => wanted(_board!));
        return _board!;
    }

    public Task CountedAsync(int count) => UntilAsync(() => _count == count);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Show(Board board) =>
        Note(() =>
        {
            if (_board is null || board.Version >= _board.Version)
                _board = board;
        });

    private Task UntilAsync(Func<bool> isMet)
    {
        lock (_waiting)
        {
            if (isMet())
                return Task.CompletedTask;
            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isMet, met));
            return met.Task.WaitAsync(Limit, Ct);
        }
    }

    private void Note(Action change)
    {
        lock (_waiting)
        {
            change();
            foreach (var (isMet, met) in _waiting)
            {
                if (isMet())
                    met.TrySetResult();
            }
        }
    }
}
