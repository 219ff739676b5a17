using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger.Keys;

internal sealed class LedgerOptionsCheck : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options) =>
        SettingText.IsReadable(options.KeyFile)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(SettingText.Fault("ServiceEval__Ledger__KeyFile"));
}
