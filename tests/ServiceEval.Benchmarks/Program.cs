using System.CommandLine;
using ServiceEval.Benchmarks.Figures;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks;

/// <summary>The figures that ServiceEval answers for, each a command and a ratio in one run.</summary>
public static class Program
{
    public static Task<int> Main(string[] args)
    {
        var root = new RootCommand("ServiceEval's figures. Client and server share this machine, so quote the ratios.");
        root.Subcommands.Add(Figure("intake", "Durably acknowledged ratings against a no-op post", IntakeFigure.RunAsync));
        root.Subcommands.Add(Figure("page", "Window pages against a no-op post, and a first view's bytes", PageFigure.RunAsync));

        var noOp = new Command(NoOp.Verb, "The no-op server itself") { Hidden = true };
        noOp.SetAction((_, _) => NoOp.RunAsync());
        root.Subcommands.Add(noOp);
        return root.Parse(args).InvokeAsync();
    }

    private static Command Figure(string name, string description, Func<bool, Task> run)
    {
        var json = new Option<bool>("--json") { Description = "One object of JSON on standard output" };
        var command = new Command(name, description) { json };
        command.SetAction((parsed, _) => run(parsed.GetValue(json)));
        return command;
    }
}
