using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Files;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// The one password that opens the reports to other machines until accounts exist. Wrong passwords of all clients share
/// one budget. Beyond the budget they are refused at once. The right password is always accepted, so that other clients
/// cannot lock the readers out. Therefore only the length of the password protects it against guessing.
/// </summary>
public sealed class ReportPassword(IOptions<ReportOptions> options, TimeProvider time)
{
    public const string UserName = "reports";

    private const int ShortestLength = 16;
    private const int WrongOnesPerMinute = 10;

    private readonly byte[]? _expected = options.Value.PasswordFile is { Length: > 0 } path
        ? Hash($"{UserName}:{Read(path).Password}")
        : null;
    private readonly Lock _lock = new();
    private long _minute;
    private int _wrong;

    public bool IsSet => _expected is not null;

    /// <param name="authorization">The value of the request's <c>Authorization</c> header.</param>
    public PasswordAnswer Check(string? authorization)
    {
        if (_expected is null || Given(authorization) is not { } given)
            return PasswordAnswer.Missing;
        // Both hashes have the same length, so the duration of the comparison discloses nothing.
        if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(given), _expected))
            return PasswordAnswer.Right;
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (_lock)
        {
            if (minute != _minute)
                (_minute, _wrong) = (minute, 0);
            if (_wrong >= WrongOnesPerMinute)
                return PasswordAnswer.TooMany;
            _wrong++;
            return PasswordAnswer.Wrong;
        }
    }

    /// <summary>
    /// Reads the password from a file. Returns the password, or a sentence that says what is wrong with the file.
    /// </summary>
    public static (string? Password, string? Complaint) Read(string path)
    {
        try
        {
            // One newline at the end is ignored, because editors add it.
            var text = File.ReadAllText(path);
            var password =
                text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
                : text.EndsWith('\n') ? text[..^1]
                : text;
            return password.Length >= ShortestLength
                ? (password, null)
                : (
                    null,
                    $"ServiceEval__Reports__PasswordFile 所指的“{path}”中，密码不足{ShortestLength}个字符，请换一个长的。"
                );
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"ServiceEval__Reports__PasswordFile 所指的“{path}”读不出：{FileFaults.Reason(e)}。");
        }
    }

    /// <summary>Returns the user name and the password that the browser sent, or null if it sent none.</summary>
    private static byte[]? Given(string? authorization)
    {
        if (
            !AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var bytes = new byte[header.Parameter?.Length ?? 0];
        return Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length) ? bytes[..length] : null;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

public enum PasswordAnswer
{
    Missing,
    Wrong,
    TooMany,
    Right,
}

internal sealed class ReportPasswordCheck : IValidateOptions<ReportOptions>
{
    public ValidateOptionsResult Validate(string? name, ReportOptions options) =>
        options.PasswordFile is { Length: > 0 } path && ReportPassword.Read(path).Complaint is { } complaint
            ? ValidateOptionsResult.Fail(complaint)
            : ValidateOptionsResult.Success;
}
