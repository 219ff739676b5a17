using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MimeKit;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Reports.Mail;

/// <summary>
/// A real SMTP server on loopback in its own process: tests/smtp-server. It follows its script and reports its events.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "hcp@example.gov.cn";
    public const string Password = "Pa55-wörd#满意";

    /// <summary>The longest wait for an event. It is no measurement.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<JsonElement> _events = [];
    private readonly SemaphoreSlim _told = new(0);
    private readonly TestAuthority _authority;

    private MailServer(Process process, TestAuthority authority) => (_process, _authority) = (process, authority);

    public int Port { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<MailServer> StartAsync(MailScript? script = null)
    {
        script ??= new MailScript();
        var folder = Path.Combine(ProgramRun.Checkout, "tests", "smtp-server");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "smtp-server")),
            $"smtp-server is not installed: run `npm ci` in {folder}"
        );
        var authority = new TestAuthority(script.CertificateName);
        var process = Process.Start(
            new ProcessStartInfo("node", ["server.mjs"])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardInputEncoding = new UTF8Encoding(false),
            }
        )!;
        var server = new MailServer(process, authority);
        await process.StandardInput.WriteLineAsync(
            JsonSerializer.Serialize(
                new
                {
                    key = authority.Key,
                    certificate = authority.Certificate,
                    tls = script.Tls,
                    startTls = script.StartTls,
                    allowInsecureAuth = script.AllowInsecureAuth,
                    user = User,
                    password = Password,
                    badLogin = script.BadLogin,
                    sender = script.Sender,
                    recipients = script.Recipients,
                    contents = script.Contents,
                }
            )
        );
        await process.StandardInput.FlushAsync(Ct);
        _ = server.ReadAsync();
        server.Port = (await server.EventAsync("listening")).GetProperty("port").GetInt32();
        return server;
    }

    /// <summary>The settings for this server with these recipients. Without recipients no mail is sent.</summary>
    public (string Name, string Value)[] Settings(params (string Address, string? Scope)[] recipients) =>
        [
            ("ServiceEval:Mail:Host", recipients.Length == 0 ? "" : "127.0.0.1"),
            ("ServiceEval:Mail:Port", $"{Port}"),
            ("ServiceEval:Mail:TrustedCertificate", _authority.File),
            ("ServiceEval:Mail:From", "好差评 <hcp@example.gov.cn>"),
            ("ServiceEval:Mail:User", User),
            ("ServiceEval:Mail:Password", Password),
            // A browser needs seconds to start. Another test sends a printed PDF.
            ("ServiceEval:Reports:MinimumN", "1"),
            ("ServiceEval:Boards:BatchSize", "1"),
            ("ServiceEval:Browser", "/nowhere/chromium"),
            .. recipients.SelectMany(
                (r, i) =>
                    ((string, string)[])
                        [
                            ($"ServiceEval:Mail:Recipients:{i}:Address", r.Address),
                            ($"ServiceEval:Mail:Recipients:{i}:Scope", r.Scope ?? "county"),
                        ]
            ),
        ];

    /// <summary>Returns the mails whose content the server has received until now, accepted or not.</summary>
    public async Task<IReadOnlyList<MimeMessage>> MailsAsync() => [.. (await EventsAsync("mail")).Select(Parse)];

    /// <summary>
    /// Returns all events until now. The server reports an event beside its reply, so the event may arrive later than
    /// the reply.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string name)
    {
        await AskAsync("?");
        return Told(name);
    }

    /// <summary>Accepts the messages that the server held, and stops holding messages.</summary>
    public Task AnswerAsync() => AskAsync("answer");

    /// <summary>Waits until there have been this number of events.</summary>
    public Task<JsonElement> EventAsync(string name, int count = 1) => ToldAsync(name, count);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _authority.Dispose();
    }

    private async Task AskAsync(string line)
    {
        var asked = Told("asked").Count;
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(Ct);
        await ToldAsync("asked", asked + 1);
    }

    private async Task<JsonElement> ToldAsync(string name, int count)
    {
        while (Told(name).Count < count)
            Assert.True(await _told.WaitAsync(Limit, Ct), $"The mail server never told of a {name}.");
        return Told(name)[^1];
    }

    private IReadOnlyList<JsonElement> Told(string name)
    {
        lock (_events)
            return [.. _events.Where(e => e.GetProperty("event").GetString() == name)];
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_events)
                _events.Add(JsonDocument.Parse(line).RootElement);
            _told.Release();
        }
    }

    private static MimeMessage Parse(JsonElement mail) =>
        MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(mail.GetProperty("mail").GetString()!)));
}

/// <summary>
/// The behaviour of the server. The replies to an address are used in order, and the last reply is repeated.
/// </summary>
internal sealed record MailScript
{
    public bool StartTls { get; init; } = true;
    public bool Tls { get; init; }
    public bool AllowInsecureAuth { get; init; }
    public string CertificateName { get; init; } = "127.0.0.1";
    public string? BadLogin { get; init; }
    public string? Sender { get; init; }

    /// <summary>The replies to RCPT TO. <c>cut</c> closes the connection.</summary>
    public Dictionary<string, string[]> Recipients { get; init; } = [];

    /// <summary>
    /// The replies after the message. <c>cut</c> closes the connection, and <c>hold</c> sends no reply until the test
    /// tells the server to answer.
    /// </summary>
    public Dictionary<string, string[]> Contents { get; init; } = [];
}
