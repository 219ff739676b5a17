using System.CommandLine;
using Microsoft.Extensions.Options;
using Serilog;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Simulation;

namespace ServiceEval.Web.Hosting;

/// <summary>The verbs. Exit 0: done; 1: failed or faults found; 2: usage.</summary>
public static class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("用法见 --help。");
        return Usage;
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("ServiceEval：政务服务“好差评”。Without a verb: serve.");
        var serve = new Command("serve", "Serve pages, screens and API until stopped");
        root.SetAction((_, ct) => ServeAsync(ct));
        serve.SetAction((_, ct) => ServeAsync(ct));
        root.Subcommands.Add(serve);
        root.Subcommands.Add(Verb("migrate", "Create the database or bring its schema up to date", (_, _, _) => Task.FromResult(0)));
        root.Subcommands.Add(HallVerbs.Seed());
        root.Subcommands.Add(HallVerbs.Windows());
        root.Subcommands.Add(SimulationVerb.Create());
        root.Subcommands.Add(ReportVerbs.Report());
        root.Subcommands.Add(LedgerVerbs.Verify());
        return root;
    }

    /// <summary>A verb that runs on a composed but not serving host, its database migrated and its halls read.</summary>
    public static Command Verb(string name, string description, Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run) =>
        ReadingVerb(name, description, async (services, parsed, ct) =>
        {
            await PrepareAsync(services, ct);
            return await run(services, parsed, ct);
        });

    /// <summary>A verb on a composed host that touches nothing by itself, neither data directory nor database.</summary>
    public static Command ReadingVerb(string name, string description, Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, ct) => FailingInOneSentenceAsync(async () =>
        {
            var builder = Program.Compose(NewBuilder(logsToStandardError: true));
            await using var app = builder.Build();
            _ = app.Services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value;
            return await run(app.Services, parsed, ct);
        }));
        return command;
    }

    private static Task<int> ServeAsync(CancellationToken ct) => FailingInOneSentenceAsync(async () =>
    {
        await using var app = Program.Map(Program.Compose(NewBuilder(logsToStandardError: false)).Build());
        await PrepareAsync(app.Services, ct);
        app.Services.GetRequiredService<PublicAddress>().WarnIfUnset(app.Logger);
        await app.RunAsync(ct);
        return 0;
    });

    private static WebApplicationBuilder NewBuilder(bool logsToStandardError)
    {
        // Settings beside the program, data relative to the caller's directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.AddLogs(logsToStandardError);
        return builder;
    }

    internal static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        _ = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value;
        await DatabaseChoice.MigrateAsync(services, ct);
        await services.GetRequiredService<HallDirectory>().RefreshAsync(ct);
    }

    private static async Task<int> FailingInOneSentenceAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
        catch (Exception e) when (Sentence(e) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return Failed;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    private static string? Sentence(Exception e) => e switch
    {
        StartException => e.Message,
        OptionsValidationException options => string.Join(' ', options.Failures.Select(OwnWords)),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"端口已被占用：{e.Message} 请停掉占用它的程序，或用 ASPNETCORE_URLS 换一个端口。",
        _ => null,
    };

    /// <summary>Our sentence out of the framework's frame around it.</summary>
    private static string OwnWords(string failure)
    {
        const string Frame = "with the error: '";
        var at = failure.IndexOf(Frame, StringComparison.Ordinal);
        return at < 0 ? failure : failure[(at + Frame.Length)..].TrimEnd('.', '\'');
    }
}
