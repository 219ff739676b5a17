using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Tests.Boards;

/// <summary>The screens of all halls as the publisher uses them.</summary>
/// <param name="take">Returns the task of a push to a group.</param>
internal sealed class FakeScreens(Func<string, Task> take)
    : IHubContext<BoardHub, IBoardClient>,
        IHubClients<IBoardClient>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(string Hall, int Count), TaskCompletionSource> _counted = [];

    public IHubClients<IBoardClient> Clients => this;
    public IGroupManager Groups => throw new NotSupportedException();
    public IBoardClient All => throw new NotSupportedException();

    /// <summary>Returns a publisher of the host's boards that pushes to these screens.</summary>
    public BoardPublisher PublisherOf(TestHost host) =>
        new(
            host.Part<RatingLog>(),
            host.Part<HallDirectory>(),
            host.Part<BoardReleases>(),
            host.Part<BoardReader>(),
            this,
            host.Part<NodeRegistry>(),
            host.Part<BoardMetrics>(),
            NullLogger<BoardPublisher>.Instance
        );

    public Task CountedAsync(string hall, int count) =>
        Counted(hall, count).Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public IBoardClient Group(string groupName) => new Taker(this, groupName);

    public IBoardClient AllExcept(IReadOnlyList<string> ids) => throw new NotSupportedException();

    public IBoardClient Client(string connectionId) => throw new NotSupportedException();

    IBoardClient IHubClients<IBoardClient>.Clients(IReadOnlyList<string> ids) => throw new NotSupportedException();

    public IBoardClient GroupExcept(string groupName, IReadOnlyList<string> ids) => throw new NotSupportedException();

    IBoardClient IHubClients<IBoardClient>.Groups(IReadOnlyList<string> names) => throw new NotSupportedException();

    public IBoardClient User(string userId) => throw new NotSupportedException();

    public IBoardClient Users(IReadOnlyList<string> userIds) => throw new NotSupportedException();

    private Task Take(string group) => take(group);

    private TaskCompletionSource Counted(string hall, int count)
    {
        lock (_counted)
        {
            if (_counted.TryGetValue((hall, count), out var counted))
                return counted;
            return _counted[(hall, count)] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Taker(FakeScreens screens, string group) : IBoardClient
    {
        public Task Released(Board board) => screens.Take(group);

        public Task Received(string hall, int count)
        {
            screens.Counted(hall, count).TrySetResult();
            return screens.Take(group);
        }
    }
}
