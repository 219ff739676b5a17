using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Options;
using Serilog;
using ServiceEval.Core;
using ServiceEval.Setup;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Commands;

/// <summary>The commands of the program. Exit code 0: done. 1: failed, or faults were found. 2: wrong usage.</summary>
public static partial class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>
    /// The time limit of a shutdown. The host gives its parts 30 seconds to end, and systemd gives the host 60 seconds.
    /// The library's default of 2 seconds would cut them off.
    /// </summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(45);

    /// <param name="root">The root command; <see cref="Create"/> makes the one of this program.</param>
    public static async Task<int> RunAsync(string[] args, RootCommand root)
    {
        // The command-line parser then reports in Chinese, as the rest of the program does.
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(
            "zh-Hans"
        );
        foreach (var option in root.Options)
            option.Description =
                option is HelpOption ? "显示帮助"
                : option is VersionOption ? "显示版本"
                : option.Description;
        var parsed = root.Parse(ForTheCommandOfRun(args));
        if (parsed.Action is HelpAction)
        {
            using var help = new StringWriter();
            var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = help });
            await Console.Out.WriteAsync(InOurWords(help.ToString()));
            return code;
        }
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Ending });
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync($"{Quoted().Replace(error.Message, "“$1”").TrimEnd('.', '。')}。");
        if (parsed.CommandResult.Command is { Action: null } group)
            await Console.Error.WriteLineAsync(
                $"{group.Name} 之后应写 {string.Join(" 或 ", group.Subcommands.Select(c => c.Name))}。"
            );
        await Console.Error.WriteLineAsync("用法见 --help。");
        return Usage;
    }

    /// <summary>Leaves the options behind <c>service run COMMAND</c> to that command, also <c>--help</c>.</summary>
    private static string[] ForTheCommandOfRun(string[] args) =>
        args is ["service", "run", not ['-', ..], ..] ? ["service", "run", "--", .. args[2..]] : args;

    /// <summary>Makes the root command of this program. Without a command it serves.</summary>
    /// <param name="commands">The commands of the rooms.</param>
    public static RootCommand Create(HostRooms rooms, IEnumerable<Command> commands)
    {
        var root = new HostRootCommand("ServiceEval：政务服务“好差评”。不写命令时为 serve。", rooms)
        {
            HelpName = "serviceeval",
        };
        var serve = new Command("serve", "提供页面、屏幕和接口，直到停止");
        root.SetAction((_, ct) => ServeAsync(rooms, ct));
        serve.SetAction((_, ct) => ServeAsync(rooms, ct));
        root.Subcommands.Add(serve);
        root.Subcommands.Add(
            HostCommand(
                "migrate",
                "创建数据库，或把它升级到本版本",
                async (services, _, ct) =>
                {
                    await DatabaseChoice.MigrateAsync(services, ct);
                    return 0;
                }
            )
        );
        foreach (var command in commands)
            root.Subcommands.Add(command);
        return root;
    }

    /// <summary>
    /// Translates the parts of the help that the library leaves in English, and makes its punctuation Chinese.
    /// </summary>
    private static string InOurWords(string help) =>
        Default()
            .Replace(help, "[默认：$1]")
            .Replace("Description:", "说明：", StringComparison.Ordinal)
            .Replace("用法:", "用法：", StringComparison.Ordinal)
            .Replace("参数:", "参数：", StringComparison.Ordinal)
            .Replace("选项:", "选项：", StringComparison.Ordinal)
            .Replace("命令: ", "命令：", StringComparison.Ordinal)
            .Replace("[command]", "[命令]", StringComparison.Ordinal)
            .Replace("[options]", "[选项]", StringComparison.Ordinal)
            .Replace("[[--] <additional arguments>...]]", "<命令>", StringComparison.Ordinal)
            .Replace("附加参数： ", "命令：", StringComparison.Ordinal)
            .Replace(
                "Arguments passed to the application that is being run.",
                "要执行的命令和它的参数",
                StringComparison.Ordinal
            );

    /// <summary>
    /// Creates a command on a composed host that does not serve. Before the command runs, the database is brought to or
    /// checked for the current schema, and the halls are loaded.
    /// </summary>
    /// <param name="makesDatabase">False for a command that works only on existing data. If it created a database, a
    /// mistyped directory would not be noticed.</param>
    public static Command DatabaseCommand(
        string name,
        string description,
        Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run,
        bool makesDatabase = true
    )
    {
        var command = new Command(name, description);
        command.RunOnDatabase(run, makesDatabase);
        return command;
    }

    /// <inheritdoc cref="DatabaseCommand"/>
    public static void RunOnDatabase(
        this Command command,
        Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run,
        bool makesDatabase = true
    ) =>
        command.RunOnHost(
            async (services, parsed, ct) =>
            {
                if (!makesDatabase && services.GetRequiredService<DatabaseEngine>().File is { Exists: false } missing)
                    throw new OperatorException(DatabaseFile.NotThere(missing.Path));
                await PrepareAsync(services, ct);
                return await run(services, parsed, ct);
            }
        );

    /// <summary>
    /// Creates a command on a composed host. The host itself touches neither the data directory nor the database.
    /// </summary>
    public static Command HostCommand(
        string name,
        string description,
        Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run
    )
    {
        var command = new Command(name, description);
        command.RunOnHost(run);
        return command;
    }

    private static void RunOnHost(
        this Command command,
        Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run
    ) =>
        command.SetAction(
            (parsed, ct) =>
                FailingInOneSentenceAsync(async () =>
                {
                    var builder = HostRooms.Of(parsed).Compose(NewBuilder(isVerb: true));
                    await using var app = builder.Build();
                    app.Services.GetRequiredService<IStartupValidator>().Validate();
                    return await run(app.Services, parsed, ct);
                })
        );

    private static Task<int> ServeAsync(HostRooms rooms, CancellationToken ct) =>
        FailingInOneSentenceAsync(async () =>
        {
            var builder = NewBuilder(isVerb: false);
            await Logs.PrepareDirectoryAsync(builder.Configuration, ct);
            // Has no effect unless systemd or Windows started the process. If so, the service manager is notified when
            // the service is ready, and it can stop the service.
            builder.Services.AddSystemd().AddWindowsService(service => service.ServiceName = ServiceCommands.Name);
            await using var app = rooms.Map(rooms.Compose(builder).Build());
            await app.Services.GetRequiredService<VolatileStorage>().RefuseAsync(ct);
            await PrepareAsync(app.Services, ct);
            rooms.CheckBeforeServing(app);
            try
            {
                await app.StartAsync(ct);
            }
            catch (Exception e)
            {
                // Stop the parts that have started already. If they were only disposed of, they would log their end as
                // a second failure.
                await app.StopAsync(CancellationToken.None);
                if (e is OperationCanceledException && ct.IsCancellationRequested)
                    return 0;
                throw;
            }
            await app.WaitForShutdownAsync(ct);
            return 0;
        });

    private static WebApplicationBuilder NewBuilder(bool isVerb)
    {
        // Settings are read from the program's directory. Data paths are relative to the current directory.
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                // Settings are read only at the start. A file watcher would wake at every database write if the data is
                // below this folder.
                Args = ["--hostBuilder:reloadConfigOnChange=false"],
            }
        );
        builder.Configuration.AddSecretFiles();
        if (ListenAddresses.Of(builder.Configuration) is [ListenAddresses.Default])
            builder.WebHost.UseUrls(ListenAddresses.Default);
        builder.WebHost.UseStaticWebAssets();
        builder.AddLogs(isVerb);
        return builder;
    }

    internal static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        // The host validates too, but only when it starts, which is after the database is opened.
        services.GetRequiredService<IStartupValidator>().Validate();
        await DatabaseChoice.OpenAsync(services, ct);
        await services.GetRequiredService<HostRooms>().ReadPlacesAsync(services, ct);
    }

    internal static async Task<int> FailingInOneSentenceAsync(Func<Task<int>> run)
    {
        // A signal ends the process at once until the library holds the command's task. A command can do much work
        // before its first await, so it yields first.
        await Task.Yield();
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
            // Nobody sees the console output of a Windows service.
            if (WindowsServiceHelpers.IsWindowsService())
                Log.Fatal("{Sentence}", sentence);
            return e is OperatorException { IsUsage: true } ? Usage : Failed;
        }
        catch (Exception e)
        {
            // The user at the command line cannot solve this. The log gets the whole exception, the console one
            // sentence.
            Log.Fatal(e, "The program ended because of an unexpected error");
            await Console.Error.WriteLineAsync(
                $"程序出错，没有完成（{e.GetType().Name}）：{e.Message.ReplaceLineEndings(" ").TrimEnd('.', '。')}。请把日志中的这个错误交给维护人员。"
            );
            return Failed;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    /// <summary>
    /// Returns one sentence that the user can act on. Returns null for an exception that the user cannot solve.
    /// </summary>
    internal static string? Sentence(Exception e) =>
        e switch
        {
            OperatorException => e.Message,
            OptionsValidationException options => string.Join(' ', options.Failures.Select(OwnWords)),
            AggregateException many when many.InnerExceptions.All(inner => Sentence(inner) is not null) => string.Join(
                ' ',
                many.InnerExceptions.Select(Sentence)
            ),
            InvalidOperationException when Unreadable().Match(e.Message) is { Success: true } setting =>
                $"设置 {setting.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal)} 的值“{setting.Groups["value"]}”无法识别，请检查它的写法。",
            TimeZoneNotFoundException or InvalidTimeZoneException =>
                $"本机没有大厅所设的时区{Named(e.Message)}，请安装系统的时区数据（Debian 的 tzdata），或用 seed 把它改正为 Asia/Shanghai 这样的名称。",
            InvalidDataException { InnerException: FormatException } =>
                $"设置文件无法读取：{e.Message} {e.InnerException!.Message}",
            IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
                $"端口已被占用（{Address().Match(e.Message).Value}），请停掉占用它的程序，或用 ASPNETCORE_URLS 换一个端口。",
            SocketException or IOException { InnerException: SocketException } =>
                $"ASPNETCORE_URLS 所设的地址无法监听：{Reason((e as SocketException ?? e.InnerException as SocketException)!)}。",
            FormatException or InvalidOperationException when e.Source == "Microsoft.AspNetCore.Server.Kestrel.Core" =>
                $"ASPNETCORE_URLS 所设的地址无法监听：{e.Message}",
            _ => DatabaseChoice.SentenceOn(e),
        };

    /// <summary>Removes the framework's text around our own sentence.</summary>
    private static string OwnWords(string failure)
    {
        const string Frame = "with the error: '";
        var at = failure.IndexOf(Frame, StringComparison.Ordinal);
        return at < 0 ? failure : failure[(at + Frame.Length)..].TrimEnd('.', '\'');
    }

    /// <summary>Returns the first word that the library has quoted, in Chinese quotation marks.</summary>
    private static string Named(string message) =>
        Quoted().Match(message) is { Success: true } word ? $"“{word.Groups[1].Value}”" : "";

    private static string Reason(SocketException e) =>
        e.SocketErrorCode switch
        {
            SocketError.AccessDenied => "没有权限使用这个端口",
            SocketError.AddressNotAvailable => "本机没有这个地址",
            _ => e.Message,
        };

    [GeneratedRegex(@"https?://\S+?(?=[:.]?(\s|$))")]
    private static partial Regex Address();

    /// <summary>Matches a word in the library's quotation marks and the spaces around it.</summary>
    [GeneratedRegex(@"\s*“?'([^']*)'”?\s*")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\[default: (.*?)\]")]
    private static partial Regex Default();

    /// <summary>Matches the error message of the configuration binder. The exception has no type of its own.</summary>
    [GeneratedRegex(
        "^Failed to convert configuration value '(?<value>.*)' at '(?<name>[^']+)' to type",
        RegexOptions.Singleline
    )]
    private static partial Regex Unreadable();
}
