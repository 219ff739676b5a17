using ServiceEval.Web.Commands;

namespace ServiceEval.Simulator;

/// <summary>
/// A program of its own, so that an installation contains no program that invents ratings. In a checkout it runs as
/// <c>./serviceeval simulate</c>.
/// </summary>
public static class Program
{
    /// <param name="args">The options. The word <c>simulate</c> before them is accepted.</param>
    public static Task<int> Main(string[] args) =>
        CommandLine.RunAsync(args is ["simulate", .. var options] ? options : args, SimulationCommand.Create());
}
