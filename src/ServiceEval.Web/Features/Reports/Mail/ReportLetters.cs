using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings.Pages;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>
/// Writes a report as a mail: its summary and four figures to read at once, the report itself attached.
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
    /// <summary>Null if there is no such report.</summary>
    public async Task<ReportLetter?> WriteAsync(ReportId id, CancellationToken ct)
    {
        if (await shelf.FindAsync(id, ct) is not { } stored)
            return null;
        var report = WeeklyReport.Parse(stored.Json);
        var html = await renderer.RenderAsync<LetterPage>((nameof(LetterPage.Report), report));
        return new(report, html, await files.ForMailAsync(report, ct));
    }

    /// <summary>To one recipient, who sees no other.</summary>
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
        // Whatever the type, so that no server on the way changes a byte.
        foreach (var part in message.BodyParts.OfType<MimePart>())
            part.ContentTransferEncoding = ContentEncoding.Base64;
        return message;
    }

    /// <summary>
    /// Always the same for the same report and recipient, so that mail programs know a second one for what it is; of
    /// the content too, for two installations may write to the same people.
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
        ReportScope.All(directory.Current).FirstOrDefault(s => s.Code == report.Scope)?.Zone ?? TimeZoneInfo.Utc;
}

/// <summary>A report ready to be addressed.</summary>
public sealed record ReportLetter(WeeklyReport Report, string Html, IReadOnlyList<ReportFile> Files);
