namespace ServiceEval.Web.Hosting;

/// <summary>
/// Checks for texts in settings. A path with a control character, such as a line end, is always a mistake.
/// </summary>
internal static class SettingText
{
    public static bool IsReadable(string? path) => path is null || !path.Any(char.IsControl);

    /// <summary>
    /// Returns the full path. Returns an empty text if the path is empty or invalid: the validator reports that later,
    /// together with all other settings.
    /// </summary>
    public static string Full(string? path) =>
        string.IsNullOrEmpty(path) || !IsReadable(path) ? "" : Path.GetFullPath(path);

    public static string Fault(string setting) => $"{setting} 的值中有换行等不能用的字符，请改正后再试。";

    /// <summary>
    /// Makes spaces and control characters visible in an error message, because a reader does not see a space or a line
    /// end at the end of a value.
    /// </summary>
    public static string Visible(string text) =>
        string.Concat(
            text.Select(c =>
                c == ' ' ? "␠"
                : char.IsControl(c) ? $"\\u{(int)c:x4}"
                : $"{c}"
            )
        );
}
