using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Serilog;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;

namespace ServiceEval.Web.Hosting;

public static class Logs
{
    private const string DirectorySetting = "ServiceEval:LogDirectory";
    private const long BytesAFile = 100L * 1024 * 1024;

    public const string FilePrefix = "serviceeval-";

    /// <summary>
    /// JSON lines on the console, and in the files of ServiceEval:LogDirectory; plain text where ServiceEval:LogFormat
    /// is "text". Never a citizen's words, ticket or receipt. A verb logs to standard error and to no file: whoever
    /// runs it need not be the service's account.
    /// </summary>
    public static void AddLogs(this WebApplicationBuilder builder, bool isVerb)
    {
        var directory = isVerb ? null : FileDirectory(builder.Configuration);
        var plain = string.Equals(
            builder.Configuration["ServiceEval:LogFormat"],
            "text",
            StringComparison.OrdinalIgnoreCase
        );
        LogEventLevel? toStandardError = isVerb ? LogEventLevel.Verbose : null;
        builder.Services.AddSerilog(logs =>
        {
            logs.MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                // Its scope around every request took a twentieth of the hot path, and its path would end in a receipt:
                // FaultLog names the route instead.
                .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
                // Its keys are kept as the ticket keys are, and as closed: in the data directory, or in the server's
                // database.
                .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
                // These only repeat an exception that is thrown as well, and the code that catches it says it in one
                // sentence.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Connection", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Query", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Update", LogEventLevel.Fatal)
                // What a hub call is refused with is an answer to its caller, and a screen that leaves during its call
                // is no fault either.
                .Filter.ByExcluding(e =>
                    e.Exception is HubException or OperationCanceledException
                    && Matching.FromSource("Microsoft.AspNetCore.SignalR")(e)
                )
                // A start that fails disposes of loops that already run, and each then reports its end as if it were
                // the fault.
                .Filter.ByExcluding(e =>
                    e.Exception is OperationCanceledException
                    && Matching.FromSource("Microsoft.Extensions.Hosting.Internal.Host")(e)
                );
            if (plain)
                logs.WriteTo.Console(
                    formatProvider: CultureInfo.InvariantCulture,
                    standardErrorFromLevel: toStandardError
                );
            else
                logs.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: toStandardError);
            // Old ones are a job's: a bound on their number would let a noisy day push out what must be kept, and a
            // bound in days would trust a clock that is years ahead.
            if (directory is not null)
                logs.WriteTo.File(
                    new CompactJsonFormatter(),
                    Path.Combine(directory, $"{FilePrefix}.log"),
                    rollingInterval: RollingInterval.Day,
                    fileSizeLimitBytes: BytesAFile,
                    rollOnFileSizeLimit: true,
                    retainedFileCountLimit: null
                );
        });
    }

    /// <summary>Before the first line is logged, for the sink itself says nothing.</summary>
    /// <exception cref="StartException">The directory can't be written.</exception>
    public static async Task PrepareDirectoryAsync(IConfiguration configuration, CancellationToken ct)
    {
        if (FileDirectory(configuration) is not { } directory)
            return;
        if (directory.Length == 0)
            throw new StartException(SettingText.Fault("ServiceEval__LogDirectory"));
        await DataDirectory.PrepareAsync(directory, "日志目录", "ServiceEval__LogDirectory", ct);
        // A disk that fills up later is told on the console.
        SelfLog.Enable(Console.Error);
    }

    internal static string? FileDirectory(IConfiguration configuration) =>
        configuration[DirectorySetting] is { Length: > 0 } configured ? SettingText.Full(configured) : null;
}
