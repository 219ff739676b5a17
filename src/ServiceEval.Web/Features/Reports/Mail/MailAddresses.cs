using System.Text.RegularExpressions;
using MimeKit;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>Addresses as they are taken and as they are shown.</summary>
internal static partial class MailAddresses
{
    private const int Longest = 254;

    private static readonly ParserOptions Strict = new()
    {
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
        AddressParserComplianceMode = RfcComplianceMode.Strict,
    };

    /// <summary>One address, with a name or without. Only ASCII: few servers take others.</summary>
    public static MailboxAddress? Parse(string? text) =>
        MailboxAddress.TryParse(Strict, text ?? "", out var address)
        && address.Address.Length <= Longest
        && address.Address.All(c => c is > ' ' and < (char)127)
            ? address
            : null;

    /// <summary>Enough to know whose it is for whoever knows them all: <c>a***@example.gov.cn</c>.</summary>
    public static string Masked(string address) => Address().Replace(address, "$1***@$2");

    [GeneratedRegex("""([^\s<>@()"',;:])[^\s<>@()"',;:]*@([^\s<>@()"',;:]+)""")]
    private static partial Regex Address();
}
