using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

public static class MailFeature
{
    public static IServiceCollection AddReportMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        services
            .AddSingleton<MailOutbox>()
            .AddSingleton<NewMails>()
            .AddSingleton<ReportLetters>()
            .AddSingleton<ReportMailSweep>()
            .AddSingleton<MailViews>();
        return services.AddHostedService<MailWarnings>();
    }

    internal static bool IsRecipient(this MailOptions options, ReportMail mail, RegionTree regions) =>
        options.Recipients.Any(r =>
            regions.CodeOf(r.Scope) == regions.CodeOf(mail.Scope)
            && r.Address.Equals(mail.Recipient, StringComparison.OrdinalIgnoreCase)
        );

    internal static IReadOnlyList<MailRecipient> Astray(this MailOptions options, DirectorySnapshot directory)
    {
        return [.. options.Recipients.Where(r => ReportScope.Find(r.Scope, directory) is null)];
    }
}
