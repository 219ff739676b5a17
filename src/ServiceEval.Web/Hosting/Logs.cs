using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Serilog;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;
using ServiceEval.Core;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Hosting;

public static class Logs
{
    private const string DirectorySetting = "ServiceEval:LogDirectory";
    private const long BytesAFile = 100L * 1024 * 1024;

    public const string FilePrefix = "serviceeval-";

    /// <summary>
    /// Configures the logs. They are JSON lines on the console and in the files of ServiceEval:LogDirectory. The
    /// console gets plain text if ServiceEval:LogFormat is "text". A log must not contain a citizen's comment, ticket
    /// or receipt. A command logs to standard error and to no file, because the user who runs it may have another
    /// account than the service.
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
                // The framework's scope for each request took a twentieth of the hot path's time. Its path can also
                // contain a receipt. FaultLog logs the route instead.
                .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
                // Its warnings are not needed: its keys are stored and protected as the ticket keys are, in the data
                // directory or in the server's database.
                .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
                // These sources only repeat an exception that is thrown too. The code that catches the exception
                // reports it in one sentence.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Connection", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Query", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Update", LogEventLevel.Fatal)
                // A refused hub call is an answer to its caller. A screen that disconnects during its call is not an
                // error either.
                .Filter.ByExcluding(e =>
                    e.Exception is HubException or OperationCanceledException
                    && Matching.FromSource("Microsoft.AspNetCore.SignalR")(e)
                )
                // If a start fails, the background loops that already run are disposed of. Each would report its end as
                // an error.
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
            // OldLogs removes old files. A limit on the number of files would delete files that must be kept after a
            // day with many lines. A limit in days would fail if the clock is years ahead.
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

    /// <summary>
    /// Checks the log directory before the first line is logged, because the sink does not report an error.
    /// </summary>
    /// <exception cref="OperatorException">The directory is not writable.</exception>
    public static async Task PrepareDirectoryAsync(IConfiguration configuration, CancellationToken ct)
    {
        if (FileDirectory(configuration) is not { } directory)
            return;
        if (directory.Length == 0)
            throw new OperatorException(SettingText.Fault("ServiceEval__LogDirectory"));
        await DataDirectory.PrepareAsync(directory, "日志目录", "ServiceEval__LogDirectory", ct);
        // If the disk is full later, the sink reports it on the console.
        SelfLog.Enable(Console.Error);
    }

    internal static string? FileDirectory(IConfiguration configuration) =>
        configuration[DirectorySetting] is { Length: > 0 } configured ? SettingText.Full(configured) : null;
}
