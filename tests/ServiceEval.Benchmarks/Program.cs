using System.CommandLine;
using ServiceEval.Benchmarks.Figures;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.TestDatabases;

namespace ServiceEval.Benchmarks;

/// <summary>
/// The figures that ServiceEval promises. Each figure is one command, and the ratio is measured in one run.
/// </summary>
public static class Program
{
    public static Task<int> Main(string[] args)
    {
        var root = new RootCommand("ServiceEval's figures. Client and server share this machine, so quote the ratios.");
        root.Subcommands.Add(Intake());
        root.Subcommands.Add(
            Figure("page", "Window pages against a no-op post, and a first view's bytes", PageFigure.RunAsync)
        );
        root.Subcommands.Add(
            Figure("board", "From rating to screen: 200 ratings a second, 50 screens", BoardFigure.RunAsync)
        );
        root.Subcommands.Add(
            Figure("report", "A county's week of 20,000 ratings with fifty times the history", ReportFigure.RunAsync)
        );
        root.Subcommands.Add(
            Figure(
                "privacy",
                "What the reports of eight simulated weeks give away of few ratings",
                PrivacyFigure.RunAsync
            )
        );
        root.Subcommands.Add(Figure("size", "Bytes a rating after a year of a million", SizeFigure.RunAsync));
        root.Subcommands.Add(Verify());
        root.Subcommands.Add(Startup());
        root.Subcommands.Add(
            Figure(
                "recovery",
                "How long a hall's screen is without its board when its node is killed",
                RecoveryFigure.RunAsync
            )
        );
        root.Subcommands.Add(
            Figure("outage", "How long citizens wait for their answer while PostgreSQL is away", OutageFigure.RunAsync)
        );
        root.Subcommands.Add(
            Figure(
                "stranger",
                "What deaf screens, floods at the hub and idle connections do to others",
                StrangerFigure.RunAsync
            )
        );
        root.Subcommands.Add(
            Figure(
                "halls",
                "300 halls: releases, polls, a reading of the directory, a renamed window, bands",
                HallsFigure.RunAsync
            )
        );
        root.Subcommands.Add(Import());
        root.Subcommands.Add(Crash());

        var noOp = new Command(NoOp.Verb, "The no-op server itself") { Hidden = true };
        noOp.SetAction((_, _) => NoOp.RunAsync());
        root.Subcommands.Add(noOp);
        return root.Parse(args).InvokeAsync();
    }

    private static Command Intake()
    {
        var nodes = new Option<int>("--nodes")
        {
            Description = "How many hosts share the database",
            DefaultValueFactory = _ => 1,
        };
        var (database, json) = (Database(), Json());
        var command = new Command("intake", "Durably acknowledged ratings against a no-op post")
        {
            database,
            nodes,
            json,
        };
        command.SetAction(
            (parsed, _) =>
                IntakeFigure.RunAsync(parsed.GetValue(database), parsed.GetValue(nodes), parsed.GetValue(json))
        );
        return command;
    }

    private static Command Crash()
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often the plug is pulled",
            DefaultValueFactory = _ => 5,
        };
        var (database, json) = (Database(), Json());
        var command = new Command("crash", "Acknowledged ratings that a kill -9 loses or doubles")
        {
            rounds,
            database,
            json,
        };
        command.SetAction(
            (parsed, _) =>
                CrashFigure.RunAsync(parsed.GetValue(rounds), parsed.GetValue(database), parsed.GetValue(json))
        );
        return command;
    }

    private static Command Startup()
    {
        var kills = new Option<int>("--kills")
        {
            Description =
                "Instead: kill so many starts at a random moment, and count the starts after them that do not become ready",
        };
        var json = Json();
        var command = new Command("startup", "Start to ready of the published host") { kills, json };
        command.SetAction(
            (parsed, _) =>
                parsed.GetValue(kills) is > 0 and var count
                    ? KilledStartFigure.RunAsync(count, parsed.GetValue(json))
                    : StartupFigure.RunAsync(parsed.GetValue(json))
        );
        return command;
    }

    private static Command Verify()
    {
        var ratings = new Option<int>("--ratings")
        {
            Description = "How many ratings",
            DefaultValueFactory = _ => VerifyFigure.UsualRatings,
        };
        var json = Json();
        var command = new Command("verify", "Time of verify against reading and hashing the same rows, and its memory")
        {
            ratings,
            json,
        };
        command.SetAction((parsed, _) => VerifyFigure.RunAsync(parsed.GetValue(ratings), parsed.GetValue(json)));
        return command;
    }

    private static Command Import()
    {
        var rows = new Option<int>("--rows") { Description = "How many rows", DefaultValueFactory = _ => 1_000_000 };
        var json = Json();
        var command = new Command("import", "Importing while 50 ratings a second are given") { rows, json };
        command.SetAction((parsed, _) => ImportFigure.RunAsync(parsed.GetValue(rows), parsed.GetValue(json)));
        return command;
    }

    private static Option<DatabaseKind> Database()
    {
        var database = new Option<DatabaseKind>("--database")
        {
            Description =
                $"sqlite, postgresql on a cluster of its own, or sqlserver on the server of {SqlServerServer.Variable} or in a container",
        };
        database.AcceptOnlyFromAmong("sqlite", "postgresql", "sqlserver");
        database.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DatabaseKind>() is var kind && Databases.WhyNot(kind) is { } reason)
                result.AddError(reason);
        });
        return database;
    }

    private static Option<bool> Json() => new("--json") { Description = "One object of JSON on standard output" };

    private static Command Figure(string name, string description, Func<bool, Task> run)
    {
        var json = Json();
        var command = new Command(name, description) { json };
        command.SetAction((parsed, _) => run(parsed.GetValue(json)));
        return command;
    }
}
