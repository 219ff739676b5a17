using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServiceEval.Tests.Reports.Mail;

/// <summary>
/// A test's own certificate authority with a certificate that it has issued, as in a government's internal network.
/// </summary>
internal sealed class TestAuthority : IDisposable
{
    public TestAuthority(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=Test mail server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(authority, now.AddHours(-1), now.AddHours(12), [1, 2, 3, 4]);

        (Certificate, Key) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        File = Path.GetTempFileName();
        System.IO.File.WriteAllText(File, authority.ExportCertificatePem());
    }

    public string Certificate { get; }
    public string Key { get; }

    /// <summary>The path of the authority's own certificate, in the form of the setting.</summary>
    public string File { get; }

    public void Dispose() => System.IO.File.Delete(File);
}
