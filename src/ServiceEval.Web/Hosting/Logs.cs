using System.Globalization;
using Serilog;
using Serilog.Events;
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
                .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
                // Both only repeat an exception that is thrown as well, and is told in one sentence where it is caught.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Fatal);
            if (plain) logs.WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: toStandardError);
            else logs.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: toStandardError);
        });
    }
}
