namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// Text that Excel would take for a formula when it opens a CSV file begins with an apostrophe there, which is taken
/// off when the file is imported (OWASP, CSV injection).
/// </summary>
internal static class Inert
{
    public static string Of(string text) => text.Length > 0 && IsActive(text[0]) ? $"'{text}" : text;

    public static string Restore(string text) =>
        text.Length > 1 && text[0] == '\'' && IsActive(text[1]) ? text[1..] : text;

    // The apostrophe too, so that one that was there before comes back.
    private static bool IsActive(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\'';
}
