using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Core;

namespace ServiceEval.Web.Hosting;

/// <summary>The settings of the whole installation. Each feature has its own options class.</summary>
public sealed class ServiceEvalOptions
{
    public const string Section = "ServiceEval";

    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";
    public const string SqlServer = "sqlserver";

    [Required(ErrorMessage = "ServiceEval__Database 不能为空，应为 sqlite、sqlserver 或 postgresql。")]
    [RegularExpression(
        $"{Sqlite}|{SqlServer}|{PostgreSql}",
        ErrorMessage = "ServiceEval__Database 应为 sqlite、sqlserver 或 postgresql。"
    )]
    public string Database { get; set; } = Sqlite;

    /// <summary>The data directory, relative to the current directory.</summary>
    [Required(ErrorMessage = "ServiceEval__DataDirectory 不能为空。")]
    public string DataDirectory { get; set; } = "data";

    /// <summary>The connection string of StackExchange.Redis. It is not needed with one node.</summary>
    public string? Redis { get; set; }

    /// <summary>
    /// The address that citizens reach and that QR codes contain. If it is not set, the first address of
    /// ASPNETCORE_URLS is used.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>The limit of requests a minute for one address; 0 switches the limit off.</summary>
    [Range(0, 1_000_000, ErrorMessage = "ServiceEval__FloodFuse 应为 0～1000000 的整数。")]
    public int FloodFuse { get; set; } = 600;

    /// <summary>The addresses of reverse proxies whose X-Forwarded-For is trusted.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>
    /// The path of the Chromium or Edge that prints reports. If it is not set, the usual places are searched.
    /// </summary>
    public string? Browser { get; set; }

    /// <summary>The format of the log on the console: <c>json</c> or <c>text</c>.</summary>
    public string LogFormat { get; set; } = "json";

    /// <summary>The ICP and 公安备案 numbers at the foot of citizens' pages.</summary>
    public string? IcpNumber { get; set; }
    public string? PoliceNumber { get; set; }

    /// <summary>
    /// The full path. Empty if DataDirectory is empty, because the validator reads this property as well.
    /// </summary>
    public string DataPath => SettingText.Full(DataDirectory);
}
