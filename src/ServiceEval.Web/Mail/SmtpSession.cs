using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace ServiceEval.Web.Mail;

/// <summary>
/// The connection of one sweep. It is opened for the first mail. If this fails, the sweep does not try again.
/// </summary>
/// <param name="stopping">How long a host that stops waits for the answer to a mail that was handed over
/// completely.</param>
internal sealed class SmtpSession(MailOptions options, TimeSpan stopping) : IAsyncDisposable
{
    // These limits are in real time, because the mail server also runs in real time.
    private static readonly TimeSpan ConnectingLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SendingLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan QuietLimit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// From RFC 5321, 4.5.3.2.6. A client that gives up earlier sends a mail again that the server has accepted.
    /// </summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(10);

    /// <summary>The longest time that one mail can take.</summary>
    public static readonly TimeSpan Longest = ConnectingLimit + SendingLimit + AnswerLimit;

    private readonly Client _client = new(options);
    private MailOutcome? _unreachable;
    private string _password = "";

    /// <summary>
    /// True if a mail ended the connection: it got no answer, or the connection broke. The next mail may fail in the
    /// same way.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>Sends a mail. Never throws: every failure is an outcome.</summary>
    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
    {
        if (_unreachable is not null)
            return _unreachable;
        if (!_client.IsConnected && await ConnectAsync(ct) is { } failure)
            return _unreachable = failure;

        using var handover = new DeliveryProgress(_client, stopping, ct);
        try
        {
            await _client.SendAsync(message, handover.Token, handover);
            return MailOutcome.Sent;
        }
        catch (Exception e)
        {
            IsBroken = !_client.IsConnected;
            return Said(
                ct.IsCancellationRequested && !handover.IsWhole
                    ? SmtpFaults.OnStopping
                    : SmtpFaults.OnSending(e, handover.IsWhole)
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = Limit(ConnectingLimit, CancellationToken.None);
            if (_client.IsConnected)
                await _client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception e)
            when (e is IOException or OperationCanceledException or ProtocolException or CommandException)
        {
            // The failure has no effect, because all mails have their outcome already.
        }
        _client.Dispose();
    }

    private async Task<MailOutcome?> ConnectAsync(CancellationToken ct)
    {
        using var limit = Limit(ConnectingLimit, ct);
        try
        {
            await _client.ConnectAsync(
                options.Host!,
                options.Port,
                options.Security switch
                {
                    MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                    MailSecurity.None => SecureSocketOptions.None,
                    _ => SecureSocketOptions.StartTls,
                },
                limit.Token
            );
            if (string.IsNullOrEmpty(options.User))
                return null;
            _password = MailPassword.Read(options);
            await _client.AuthenticateAsync(options.User, _password, limit.Token);
            return null;
        }
        catch (Exception e)
        {
            return Said(
                ct.IsCancellationRequested
                    ? SmtpFaults.OnStopping
                    : SmtpFaults.OnConnecting(e, options, _client.IsConnected)
            );
        }
    }

    /// <summary>
    /// Removes the password and masks addresses in the text, and cuts it to the length that a row can hold.
    /// </summary>
    private MailOutcome Said(MailOutcome outcome)
    {
        var why = MailAddresses.Masked(MailPassword.Remove(outcome.Why!, options.User ?? "", _password));
        return outcome with { Why = SmtpFaults.Cut(why) };
    }

    private static CancellationTokenSource Limit(TimeSpan limit, CancellationToken ct)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(ct);
        source.CancelAfter(limit);
        return source;
    }

    /// <summary>
    /// An SMTP client that trusts the authorities in the configured file, or the system's if there is no such file.
    /// </summary>
    private sealed class Client(MailOptions options) : SmtpClient
    {
        protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(
            string host,
            RemoteCertificateValidationCallback remoteCertificateValidationCallback
        )
        {
            var ssl = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
            // A government's own network cannot reach the lists of revoked certificates.
            ssl.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            if (string.IsNullOrEmpty(options.TrustedCertificate))
                return ssl;
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(options.TrustedCertificate);
            ssl.CertificateChainPolicy = policy;
            return ssl;
        }
    }

    /// <summary>
    /// Tracks whether the whole message has been handed over, and limits how long to wait. After the handover, only the
    /// server knows whether it has accepted the message.
    /// </summary>
    private sealed class DeliveryProgress : ITransferProgress, IDisposable
    {
        private readonly SmtpClient _client;
        private readonly TimeSpan _stopping;
        private readonly CancellationToken _stop;
        private readonly CancellationTokenSource _limit = new(SendingLimit);
        private readonly CancellationTokenRegistration _onStop;
        private readonly Lock _lock = new();

        public DeliveryProgress(SmtpClient client, TimeSpan stopping, CancellationToken stop)
        {
            (_client, _stopping, _stop) = (client, stopping, stop);
            _client.Timeout = (int)QuietLimit.TotalMilliseconds;
            _onStop = stop.Register(Wait);
        }

        public CancellationToken Token => _limit.Token;
        public bool IsWhole { get; private set; }

        public void Report(long bytesTransferred, long totalSize)
        {
            if (bytesTransferred >= totalSize)
                Report(bytesTransferred);
        }

        public void Report(long bytesTransferred)
        {
            if (IsWhole)
                return;
            IsWhole = true;
            _client.Timeout = (int)AnswerLimit.TotalMilliseconds;
            Wait();
        }

        public void Dispose()
        {
            _onStop.Dispose();
            _limit.Dispose();
        }

        /// <summary>
        /// Restarts the time limit. Its length depends on whether the host stops and whether the whole message was
        /// handed over.
        /// </summary>
        private void Wait()
        {
            lock (_lock)
            {
                if (!_stop.IsCancellationRequested)
                    _limit.CancelAfter(AnswerLimit);
                else
                    _limit.CancelAfter(IsWhole ? _stopping : TimeSpan.Zero);
            }
        }
    }
}
