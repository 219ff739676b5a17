using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// The one password that opens the reports to others until accounts exist. Wrong ones share one budget, beyond which
/// they are refused at once; the right one is let through whatever others do, so that nobody can keep readers out. What
/// guards it from guessing is therefore its length.
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

    /// <param name="authorization">The request's header of that name.</param>
    public PasswordAnswer Check(string? authorization)
    {
        if (_expected is null || Given(authorization) is not { } given)
            return PasswordAnswer.Missing;
        // Hashes are of one length, so that the time it takes tells nothing.
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

    /// <summary>The password in a file, or the sentence that says what is wrong with it.</summary>
    public static (string? Password, string? Complaint) Read(string path)
    {
        try
        {
            // One newline at the end is the editor's.
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

    /// <summary>Name and password as the browser sent them; null where it sent none.</summary>
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
