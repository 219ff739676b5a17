using Microsoft.Extensions.Options;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

public sealed class ReceiptOptions
{
    public const string Section = "ServiceEval:Receipts";

    /// <summary>The number of unknown receipts a minute, from all clients together, before the answer is 429.</summary>
    [System.ComponentModel.DataAnnotations.Range(
        1,
        1_000_000,
        ErrorMessage = "ServiceEval__Receipts__MissesPerMinute 应为 1～1000000 的整数。"
    )]
    public int MissesPerMinute { get; set; } = 120;

    /// <summary>
    /// The number of working days after the day of a rating on which something may be added to it.
    /// <c>EntryRules.LongestDetailDeadline</c> covers the longest deadline that this setting gives.
    /// </summary>
    [System.ComponentModel.DataAnnotations.Range(
        0,
        20,
        ErrorMessage = "ServiceEval__Receipts__DetailWorkingDays 应为 0～20 的整数。"
    )]
    public int DetailWorkingDays { get; set; } = 5;
}
