using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>The nightly backup of a database that is a file (SQLite).</summary>
public sealed class BackupOptions
{
    public const string Section = "ServiceEval:Backup";

    /// <summary>
    /// The directory for the backups, on another disk or a share. With a database server, <c>doctor</c> looks there for
    /// the server's own backups. If it is empty, there is no nightly backup.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>The number of backups that are kept.</summary>
    [Range(1, 10_000, ErrorMessage = "ServiceEval__Backup__Keep 应为 1～10000 的整数。")]
    public int Keep { get; set; } = 14;

    /// <summary>The time of the backup, in the time zone of the first hall.</summary>
    public TimeOnly At { get; set; } = new(2, 30);

    /// <summary>
    /// The full path of the directory, relative to the current directory; null if no directory is set.
    /// </summary>
    public string? DirectoryPath => string.IsNullOrWhiteSpace(Directory) ? null : SettingText.Full(Directory);
}

internal sealed class BackupOptionsCheck : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options) =>
        SettingText.IsReadable(options.Directory)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(SettingText.Fault("ServiceEval__Backup__Directory"));
}
