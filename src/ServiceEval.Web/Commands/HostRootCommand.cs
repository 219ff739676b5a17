using System.CommandLine;

namespace ServiceEval.Web.Commands;

/// <summary>The root command of a program whose commands run on a host with these rooms.</summary>
internal sealed class HostRootCommand(string description, HostRooms rooms) : RootCommand(description)
{
    public HostRooms Rooms => rooms;
}
