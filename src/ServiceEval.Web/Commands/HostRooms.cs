using System.CommandLine;

namespace ServiceEval.Web.Commands;

/// <summary>What the rooms bring to a host. The program makes the lists, so no command names a room.</summary>
/// <param name="Compose">Registers what every command needs.</param>
/// <param name="Map">Maps the public interface.</param>
/// <param name="ReadPlacesAsync">Loads what every command on a database reads. The database is open and has the current
/// schema.</param>
/// <param name="CheckBeforeServing">Reports faults of the installation before the host serves.</param>
public sealed record HostRooms(
    Func<WebApplicationBuilder, WebApplicationBuilder> Compose,
    Func<WebApplication, WebApplication> Map,
    Func<IServiceProvider, CancellationToken, Task> ReadPlacesAsync,
    Action<WebApplication> CheckBeforeServing
)
{
    /// <summary>Returns the rooms of the program whose command line was parsed.</summary>
    internal static HostRooms Of(ParseResult parsed) =>
        parsed.RootCommandResult.Command is HostRootCommand root
            ? root.Rooms
            : throw new InvalidOperationException(
                "The root command of a program with a host must be a HostRootCommand."
            );
}
