using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;

namespace ServiceEval.Web.Hosting;

public static class Logs
{
    /// <summary>JSON lines on the console; plain text where ServiceEval:LogFormat is "text". Never a citizen's words, ticket or receipt.</summary>
    public static void AddLogs(this WebApplicationBuilder builder, bool logsToStandardError)
    {
        var plain = string.Equals(builder.Configuration["ServiceEval:LogFormat"], "text", StringComparison.OrdinalIgnoreCase);
        LogEventLevel? toStandardError = logsToStandardError ? LogEventLevel.Verbose : null;
        builder.Services.AddSerilog(logs =>
        {
            logs.MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                // Its scope around every request took a twentieth of the hot path, and its path would end in a receipt:
                // FaultLog names the route instead.
                .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
                // All three only repeat an exception that is thrown as well, and is told in one sentence where it is caught.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Connection", LogEventLevel.Fatal)
                // A start that fails disposes of loops that already run, and each then reports its end as if it were the fault.
                .Filter.ByExcluding(e => e.Exception is OperationCanceledException && Matching.FromSource("Microsoft.Extensions.Hosting.Internal.Host")(e));
            if (plain) logs.WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: toStandardError);
            else logs.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: toStandardError);
        });
    }
}
