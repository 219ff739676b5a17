using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

internal sealed class ServiceEvalOptionsCheck : IValidateOptions<ServiceEvalOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceEvalOptions options)
    {
        if (options.PublicUrl is { } url && !IsRoot(url))
            return ValidateOptionsResult.Fail(
                $"ServiceEval__PublicUrl 应为不带路径和参数的完整网址，如 https://hcp.example.gov.cn，现在是“{SettingText.Visible(url)}”。"
            );
        if (!SettingText.IsReadable(options.DataDirectory))
            return ValidateOptionsResult.Fail(SettingText.Fault("ServiceEval__DataDirectory"));
        if (!SettingText.IsReadable(options.Browser))
            return ValidateOptionsResult.Fail(SettingText.Fault("ServiceEval__Browser"));
        if (Nodes.Backplane.FaultOf(options.Redis) is { } fault)
            return ValidateOptionsResult.Fail(fault);
        foreach (var proxy in options.KnownProxies)
        {
            if (!System.Net.IPAddress.TryParse(proxy, out _))
                return ValidateOptionsResult.Fail($"ServiceEval__KnownProxies 中的“{proxy}”不是 IP 地址。");
        }
        return ValidateOptionsResult.Success;
    }

    /// <summary>
    /// Returns whether the URL has only scheme, host and port. Any other part would be lost from the addresses that are
    /// built from the URL, or would be printed with them.
    /// </summary>
    private static bool IsRoot(string url) =>
        !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
