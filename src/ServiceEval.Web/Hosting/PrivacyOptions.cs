using System.ComponentModel.DataAnnotations;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// The privacy of published figures in the whole product: on screens and in reports. The setting keeps the name that it
/// had when only screens used it.
/// </summary>
public sealed class PrivacyOptions
{
    public const string Section = "ServiceEval:Boards";

    /// <summary>
    /// k: the smallest number of ratings of a window that reach the board together (a cohort), and the smallest number
    /// whose grades a report shows. With 1, every rating is shown by itself.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "ServiceEval__Boards__BatchSize 应为 1～1000 的整数。")]
    public int BatchSize { get; set; } = 5;
}
