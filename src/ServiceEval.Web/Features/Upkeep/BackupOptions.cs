using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>The nightly backup of a database that is a file.</summary>
public sealed class BackupOptions
{
    public const string Section = "ServiceEval:Backup";

    /// <summary>
    /// Where it goes: another disk, or a share. On a server's database: where the server's own backups are seen. Unset:
    /// none.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>How many are kept.</summary>
    [Range(1, 10_000, ErrorMessage = "ServiceEval__Backup__Keep 应为 1～10000 的整数。")]
    public int Keep { get; set; } = 14;

    /// <summary>When, in the first hall's own time.</summary>
    public TimeOnly At { get; set; } = new(2, 30);

    /// <summary>Null where there is none; relative to the caller's directory.</summary>
    public string? DirectoryPath => string.IsNullOrWhiteSpace(Directory) ? null : SettingText.Full(Directory);
}

internal sealed class BackupOptionsCheck : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options) =>
        SettingText.IsReadable(options.Directory)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(SettingText.Fault("ServiceEval__Backup__Directory"));
}
