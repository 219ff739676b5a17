using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>The connection of one sweep: opened for the first mail, and not tried again by this sweep once it did not come about.</summary>
internal sealed class SmtpLine(MailOptions options) : IAsyncDisposable
{
    // Real time, as it is the other side's. Together well below what a mail that is being sent is left alone for.
    private static readonly TimeSpan ConnectingLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SendingLimit = TimeSpan.FromMinutes(8);

    private readonly Client _client = new(options);
    private MailOutcome? _unreachable;
    private string _password = "";

    /// <summary>Never throws: whatever goes wrong is an outcome.</summary>
    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
    {
        if (_unreachable is not null) return _unreachable;
        if (!_client.IsConnected && await ConnectAsync(ct) is { } failure) return _unreachable = failure;

        var progress = new Progress();
        using var limit = Limit(SendingLimit, ct);
        try
        {
            await _client.SendAsync(message, limit.Token, progress);
            return MailOutcome.Sent;
        }
        catch (Exception e)
        {
            return Said(ct.IsCancellationRequested && !progress.IsWhole ? SmtpFaults.OnStopping : SmtpFaults.OnSending(e, progress.IsWhole));
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = Limit(ConnectingLimit, CancellationToken.None);
            if (_client.IsConnected) await _client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ProtocolException or CommandException)
        {
            // All that was to be said had been said.
        }
        _client.Dispose();
    }

    private async Task<MailOutcome?> ConnectAsync(CancellationToken ct)
    {
        using var limit = Limit(ConnectingLimit, ct);
        try
        {
            await _client.ConnectAsync(options.Host!, options.Port, options.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, limit.Token);
            if (string.IsNullOrEmpty(options.User)) return null;
            _password = MailPassword.Read(options);
            await _client.AuthenticateAsync(options.User, _password, limit.Token);
            return null;
        }
        catch (Exception e)
        {
            return Said(ct.IsCancellationRequested ? SmtpFaults.OnStopping : SmtpFaults.OnConnecting(e, options, _client.IsConnected));
        }
    }

    /// <summary>Without what must be nowhere, and no longer than a row can hold.</summary>
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

    /// <summary>Trusts the file's authorities where there is one, else the system's.</summary>
    private sealed class Client(MailOptions options) : SmtpClient
    {
        protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(string host, RemoteCertificateValidationCallback remoteCertificateValidationCallback)
        {
            var ssl = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
            // A government's own network reaches nobody's list of revoked certificates.
            ssl.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            if (string.IsNullOrEmpty(options.TrustedCertificate)) return ssl;
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.TrustedCertificate);
            ssl.CertificateChainPolicy = policy;
            return ssl;
        }
    }

    /// <summary>Whether the whole message has been handed over, so that only the server knows if it took it.</summary>
    private sealed class Progress : ITransferProgress
    {
        public bool IsWhole { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => IsWhole = bytesTransferred >= totalSize;

        public void Report(long bytesTransferred) => IsWhole = true;
    }
}
