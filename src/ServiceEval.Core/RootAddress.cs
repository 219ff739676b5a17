namespace ServiceEval.Core;

/// <summary>The rule for the public address, which QR codes and printed pages begin with.</summary>
internal static class RootAddress
{
    /// <summary>
    /// Returns whether the URL has only scheme, host and port. Any other part would be lost from the addresses that are
    /// built from the URL, or would be printed with them.
    /// </summary>
    public static bool Is(string url) =>
        !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
