using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Web.Features.Places;
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

    internal static bool IsRecipient(this MailOptions options, ReportMail mail) =>
        options.Recipients.Any(r =>
            r.Scope == mail.Scope && r.Address.Equals(mail.Recipient, StringComparison.OrdinalIgnoreCase)
        );

    internal static IReadOnlyList<MailRecipient> Astray(this MailOptions options, DirectorySnapshot directory)
    {
        var scopes = directory.Halls.Select(h => h.Code).Append(Core.Places.Hall.CountyScope).ToHashSet();
        return [.. options.Recipients.Where(r => !scopes.Contains(r.Scope))];
    }
}
