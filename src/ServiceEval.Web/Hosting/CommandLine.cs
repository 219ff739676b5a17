using System.CommandLine;
using System.Net.Sockets;
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
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            // What had begun is asked to end: merely disposed of, it logs its end as a failure beside the real one.
            await app.StopAsync(CancellationToken.None);
            throw;
        }
        await app.WaitForShutdownAsync(ct);
        return 0;
    });

    private static WebApplicationBuilder NewBuilder(bool logsToStandardError)
    {
        // Settings beside the program, data relative to the caller's directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            // Settings are read at the start. Watching their folder would wake at every write, should the data lie below it.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
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

    /// <summary>One sentence that a person can act on; null for what no person at the command line can mend.</summary>
    internal static string? Sentence(Exception e) => e switch
    {
        StartException => e.Message,
        OptionsValidationException options => string.Join(' ', options.Failures.Select(OwnWords)),
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => OwnWordsOnAValue(e.Message),
        InvalidDataException { InnerException: FormatException } => $"设置文件无法读取：{e.Message} {e.InnerException!.Message}",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"端口已被占用：{e.Message} 请停掉占用它的程序，或用 ASPNETCORE_URLS 换一个端口。",
        SocketException or IOException { InnerException: SocketException } => $"监听地址不能用：{e.Message} 请检查 ASPNETCORE_URLS。",
        FormatException or InvalidOperationException when e.Source == "Microsoft.AspNetCore.Server.Kestrel.Core" => $"监听地址不能用：{e.Message} 请检查 ASPNETCORE_URLS。",
        _ => DatabaseChoice.SentenceOn(e),
    };

    /// <summary>Names the setting and its value out of the binder's English.</summary>
    private static string OwnWordsOnAValue(string message) => message.Split('\'') is [_, var value, _, var setting, ..]
        ? $"设置 {setting} 的值“{value}”不是所要的类型。"
        : $"设置有误：{message}";

    /// <summary>Our sentence out of the framework's frame around it.</summary>
    private static string OwnWords(string failure)
    {
        const string Frame = "with the error: '";
        var at = failure.IndexOf(Frame, StringComparison.Ordinal);
        return at < 0 ? failure : failure[(at + Frame.Length)..].TrimEnd('.', '\'');
    }
}
