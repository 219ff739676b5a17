namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// Escapes text in a CSV file that Excel would run as a formula (OWASP, CSV injection). The escape is a leading
/// apostrophe. The import removes it.
/// </summary>
internal static class FormulaEscaping
{
    public static string Escape(string text) => text.Length > 0 && IsActive(text[0]) ? $"'{text}" : text;

    public static string Unescape(string text) =>
        text.Length > 1 && text[0] == '\'' && IsActive(text[1]) ? text[1..] : text;

    // The apostrophe counts as well, so that an apostrophe of the original text is restored.
    private static bool IsActive(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\'';
}
