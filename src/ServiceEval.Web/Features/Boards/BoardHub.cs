using Microsoft.AspNetCore.SignalR;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Boards;

/// <summary>The messages that a screen receives. A lost push does no harm, because screens also poll.</summary>
public interface IBoardClient
{
    Task Released(Board board);

    /// <param name="hall">The hall's code.</param>
    /// <param name="count">The number of ratings received today.</param>
    Task Received(string hall, int count);
}

/// <summary>The hub in which a screen joins the group of its hall. The hub accepts no other call.</summary>
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

    /// <summary>
    /// Adds the screen to the group of the hall and then reads the board. In this order no release is missed between
    /// the two steps.
    /// </summary>
    /// <exception cref="HubException">The hall does not exist.</exception>
    public async Task<Board> Watch(string? hall)
    {
        if (hall is null || directory.Current.Hall(hall) is not { } entry)
            throw new HubException("没有这个大厅，请核对地址。");
        await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(entry.Code), Context.ConnectionAborted);
        return await reader.ReadAsync(entry, Context.ConnectionAborted);
    }
}
