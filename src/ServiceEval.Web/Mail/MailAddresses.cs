using System.Text.RegularExpressions;
using MimeKit;

namespace ServiceEval.Web.Mail;

/// <summary>Parses addresses, and masks them for display.</summary>
internal static partial class MailAddresses
{
    private const int Longest = 254;

    private static readonly ParserOptions Strict = new()
    {
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
        AddressParserComplianceMode = RfcComplianceMode.Strict,
    };

    /// <summary>
    /// Parses one address, with a name or without. Only ASCII is accepted, because few servers accept other characters.
    /// </summary>
    public static MailboxAddress? Parse(string? text) =>
        MailboxAddress.TryParse(Strict, text ?? "", out var address)
        && address.Address.Length <= Longest
        && address.Address.All(c => c is > ' ' and < (char)127)
            ? address
            : null;

    /// <summary>
    /// Masks an address: <c>a***@example.gov.cn</c>. A person who knows all recipients can still recognise the address.
    /// </summary>
    public static string Masked(string address) => Address().Replace(address, "$1***@$2");

    [GeneratedRegex("""([^\s<>@()"',;:])[^\s<>@()"',;:]*@([^\s<>@()"',;:]+)""")]
    private static partial Regex Address();
}
