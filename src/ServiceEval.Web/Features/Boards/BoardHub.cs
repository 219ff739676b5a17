using Microsoft.AspNetCore.SignalR;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Boards;

/// <summary>What a screen hears. A lost push costs nothing: screens also pull.</summary>
public interface IBoardClient
{
    Task Released(Board board);

    /// <param name="hall">The hall's code.</param>
    /// <param name="count">Received today.</param>
    Task Received(string hall, int count);
}

/// <summary>Screens join their hall's group here; it takes no other command.</summary>
public sealed class BoardHub(HallDirectory directory, BoardReader reader, BoardMetrics metrics) : Hub<IBoardClient>
{
    public static string GroupOf(string hall) => $"board:{hall}";

    public override Task OnConnectedAsync()
    {
        metrics.Connected();
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        metrics.Disconnected();
        return base.OnDisconnectedAsync(exception);
    }

    /// <summary>Joins first and reads then, so that no release falls between.</summary>
    /// <exception cref="HubException">No such hall.</exception>
    public async Task<Board> Watch(string? hall)
    {
        if (hall is null || directory.Current.Hall(hall) is not { } entry)
            throw new HubException("没有这个大厅，请核对地址。");
        await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(entry.Code), Context.ConnectionAborted);
        return await reader.ReadAsync(entry, Context.ConnectionAborted);
    }
}
