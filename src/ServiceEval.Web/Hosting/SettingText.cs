namespace ServiceEval.Web.Hosting;

/// <summary>
/// What stands in a setting. A path with a control character in it was never meant: the end of a line, or worse.
/// </summary>
internal static class SettingText
{
    public static bool IsReadable(string? path) => path is null || !path.Any(char.IsControl);

    /// <summary>
    /// Empty for none, and for one that can't be read: that is said when all settings are looked at together.
    /// </summary>
    public static string Full(string? path) =>
        string.IsNullOrEmpty(path) || !IsReadable(path) ? "" : Path.GetFullPath(path);

    public static string Fault(string setting) => $"{setting} 的值中有换行等不能用的字符，请改正后再试。";

    /// <summary>In a sentence: a blank at an end, or the end of a line, is seen by nobody.</summary>
    public static string Visible(string text) =>
        string.Concat(
            text.Select(c =>
                c == ' ' ? "␠"
                : char.IsControl(c) ? $"\\u{(int)c:x4}"
                : $"{c}"
            )
        );
}
