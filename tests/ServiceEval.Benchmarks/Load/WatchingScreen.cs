using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace ServiceEval.Benchmarks.Load;

/// <summary>A screen that records the time at which it receives the count of its hall.</summary>
internal sealed class WatchingScreen : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly Dictionary<int, long> _counted = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WatchingScreen(HubConnection connection) => _connection = connection;

    /// <summary>The ratings received today when the screen began to watch.</summary>
    public int Count { get; private set; }

    public static async Task<WatchingScreen> WatchAsync(Uri server, string hall)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(server, "/hubs/board")).Build();
        var screen = new WatchingScreen(connection);
        connection.On<string, int>("Received", screen.Note);
        await connection.StartAsync();
        screen.Count = (await connection.InvokeAsync<JsonElement>("Watch", hall))
            .GetProperty("receivedToday")
            .GetInt32();
        return screen;
    }

    /// <summary>Returns the time at which the screen received this count or a higher one.</summary>
    public async Task<long> HeardAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_counted.Where(c => c.Key >= count).Select(c => (long?)c.Value).Min() is { } at)
                    return at;
                changed = _changed.Task;
            }
            await changed.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Note(string hall, int count)
    {
        lock (_lock)
        {
            _counted.TryAdd(count, Stopwatch.GetTimestamp());
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
