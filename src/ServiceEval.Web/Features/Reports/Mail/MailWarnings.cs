using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>Warns at the start about settings that work but should be changed.</summary>
internal sealed partial class MailWarnings(
    IOptions<MailOptions> options,
    HallDirectory directory,
    ILogger<MailWarnings> logger
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn)
            return Task.CompletedTask;
        if (options.Value.Security == MailSecurity.None)
            Log.InClear(logger, options.Value.Host!);
        foreach (var recipient in options.Value.Astray(directory.Current))
            Log.Astray(logger, recipient.Scope, MailAddresses.Masked(recipient.Address));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(
            4106,
            LogLevel.Warning,
            "ServiceEval__Mail__Security is None: mails and the password are sent to {Host} without encryption"
        )]
        public static partial void InClear(ILogger logger, string host);

        [LoggerMessage(4107, LogLevel.Warning, "There is no region or hall {Place}: {Recipient} gets no report")]
        public static partial void Astray(ILogger logger, string place, string recipient);
    }
}
