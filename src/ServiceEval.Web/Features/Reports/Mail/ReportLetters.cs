using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>
/// Writes a report as a mail: the summary and four figures are in the body, and the report is attached.
/// </summary>
public sealed class ReportLetters(
    ReportShelf shelf,
    ReportFiles files,
    PageRenderer renderer,
    HallDirectory directory,
    IOptions<MailOptions> options,
    TimeProvider time
)
{
    /// <summary>Writes the mail of a report. Returns null if the report does not exist.</summary>
    public async Task<ReportLetter?> WriteAsync(ReportId id, CancellationToken ct)
    {
        if (await shelf.FindAsync(id, ct) is not { } stored)
            return null;
        var report = WeeklyReport.Parse(stored.Json);
        var html = await renderer.RenderAsync<LetterPage>((nameof(LetterPage.Report), report));
        return new(report, html, await files.ForMailAsync(report, ct));
    }

    /// <summary>Addresses the mail to one recipient, who sees no other recipient.</summary>
    internal MimeMessage Address(ReportLetter letter, string recipient)
    {
        var sender = MailAddresses.Parse(options.Value.From)!;
        var message = new MimeMessage
        {
            Subject = LetterText.Subject(letter.Report),
            Date = TimeZoneInfo.ConvertTime(time.GetUtcNow(), ZoneOf(letter.Report)),
            MessageId = MessageId(letter.Report, recipient, sender.Domain),
        };
        message.From.Add(sender);
        message.To.Add(new MailboxAddress("", recipient));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");

        var body = new BodyBuilder { TextBody = LetterText.Plain(letter.Report), HtmlBody = letter.Html };
        foreach (var file in letter.Files)
            body.Attachments.Add(Attachment(file));
        message.Body = body.ToMessageBody();
        // Every part is base64, also a part of type text, so that no server on the way changes a byte.
        foreach (var part in message.BodyParts.OfType<MimePart>())
            part.ContentTransferEncoding = ContentEncoding.Base64;
        return message;
    }

    /// <summary>
    /// Returns the Message-ID. It is always the same for the same report and recipient, so that mail programs recognise
    /// a duplicate. It also depends on the content, because two installations may write to the same people.
    /// </summary>
    private static string MessageId(WeeklyReport report, string recipient, string domain)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Id}\n{report.ContentHash}\n{recipient}"));
        return $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}@{domain}";
    }

    private static MimePart Attachment(ReportFile file) =>
        new(ContentType.Parse(file.MediaType))
        {
            Content = new MimeContent(new MemoryStream(file.Content, writable: false)),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment)
            {
                FileName = LetterText.OneLine(file.Name),
            },
        };

    private TimeZoneInfo ZoneOf(WeeklyReport report) =>
        ReportScope.Find(report.Scope, directory.Current) is { Halls.Count: > 0 } scope ? scope.Zone : TimeZoneInfo.Utc;
}

/// <summary>A report as a mail that has no recipient yet.</summary>
public sealed record ReportLetter(WeeklyReport Report, string Html, IReadOnlyList<ReportFile> Files);
