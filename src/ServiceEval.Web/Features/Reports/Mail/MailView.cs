using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>The state of the mails, for the list of reports.</summary>
/// <param name="Troubles">The mails that were refused, that are tried again, or that may have been sent twice. The
/// newest week is first.</param>
/// <param name="Astray">The recipients whose place does not exist.</param>
public sealed record MailView(int Sent, IReadOnlyList<ReportMail> Troubles, IReadOnlyList<MailRecipient> Astray);
