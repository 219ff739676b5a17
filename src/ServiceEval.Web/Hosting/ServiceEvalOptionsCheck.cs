using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Core;

namespace ServiceEval.Web.Hosting;

internal sealed class ServiceEvalOptionsCheck : IValidateOptions<ServiceEvalOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceEvalOptions options)
    {
        if (options.PublicUrl is { } url && !RootAddress.Is(url))
            return ValidateOptionsResult.Fail(
                $"ServiceEval__PublicUrl 应为不带路径和参数的完整网址，如 https://hcp.example.gov.cn，现在是“{SettingText.Visible(url)}”。"
            );
        if (options.LogFormat.ToLowerInvariant() is not ("" or "json" or "text"))
            return ValidateOptionsResult.Fail(
                $"ServiceEval__LogFormat 应为 json 或 text，现在是“{SettingText.Visible(options.LogFormat)}”。"
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
}
