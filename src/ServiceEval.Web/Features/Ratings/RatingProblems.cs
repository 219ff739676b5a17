using System.Globalization;
using ServiceEval.Web.Components;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The problems of giving a rating, adding to it, and finding it by its receipt.</summary>
internal static class RatingProblems
{
    public static readonly Problem TicketMissing = new(
        400,
        "ticket-missing",
        "评价页面不完整，没有保存，请重新扫码打开。",
        "The page was incomplete and nothing was stored; please scan the code again."
    );

    public static readonly Problem TicketInvalid = new(
        403,
        "ticket-invalid",
        "评价页面已失效，或不属于这个窗口，没有保存，请重新扫码。",
        "This page is no longer valid, or belongs to another window; nothing was stored. Please scan again."
    );

    public static readonly Problem ReceiptUnknown = new(
        404,
        "receipt-unknown",
        "没有查到这个回执，请核对后再试。",
        "This receipt is not known; please check it."
    );

    public static readonly Problem DetailsPresent = new(
        409,
        "details-present",
        "这次评价已经补充过说明，不能再改。",
        "Something was added to this rating already; it cannot be changed."
    );

    public static readonly Problem CorrectionClosed = new(
        409,
        "correction-closed",
        "只能在评价后两分钟内重新选一次，现在已不能更改。",
        "A rating can be changed once, within two minutes; that is over."
    );

    public static readonly Problem TicketExpired = new(
        410,
        "ticket-expired",
        "页面打开较久，请再选一次，您填写的内容还在。",
        "This page was open too long; please choose again."
    );

    /// <summary>
    /// The problem for details that came too late and were not stored. The rating itself stays stored.
    /// </summary>
    public static Problem DetailsClosed(DateOnly lastDay) =>
        CorrectionClosed with
        {
            Detail =
                $"补充说明的期限已过（截至{lastDay.Month}月{lastDay.Day}日），这次填写的内容没有保存；先前的评价不受影响。",
            English = string.Create(
                CultureInfo.InvariantCulture,
                $"Something could be added until {lastDay:yyyy-MM-dd}; what you just sent was not stored. Your rating stands as it was."
            ),
        };

    /// <summary>
    /// The counterpart of <see cref="Problem.NotStored"/> for an addition to a stored rating. The stored rating does not
    /// change.
    /// </summary>
    public static readonly Problem NotAdded = new(
        503,
        "not-stored",
        "刚才没有提交成功，这次提交的内容没有保存，请再按一次；先前的评价不受影响。",
        "That did not go through and what you just sent was not stored; please press once more. Your rating stands as it was."
    );

    public static readonly Problem NoVisits = Problem.Invalid(
        "办件尚未接入，不能凭办件领取票据。",
        "Visits are not connected yet; no ticket can be had for one."
    );

    public static readonly Problem GradeMissing = Problem.Invalid(
        "请选择五种评价之一。",
        "Please choose one of the five grades."
    );

    public static readonly Problem ChannelNotAllowed = Problem.Invalid(
        "这张票据不能用于该评价渠道。",
        "This ticket is not for that channel."
    );

    public static readonly Problem ReceiptMissing = Problem.Invalid("还没有填写回执。", "Please enter a receipt.");

    public static readonly Problem NothingAdded = Problem.Invalid(
        "还没有填写内容：可选评价标签、写下意见，或选办理事项。",
        "Nothing is filled in yet: tick a reason, write a comment, or choose an item."
    );

    public static readonly Problem GradeReplaced = Problem.Invalid(
        "评价刚刚改选过，请按新的评价重新选择标签。",
        "The grade was changed meanwhile; please choose from the reasons for the new one."
    );

    public static readonly Problem ItemUnknown = Problem.Invalid(
        "没有这个事项，请重新选择。",
        "There is no such item; please choose again."
    );

    public static readonly Problem TagUnknown = Problem.Invalid(
        "没有这个评价标签，请重新选择。",
        "There is no such reason; please choose again."
    );

    public static Problem TagRetired(string text, string english) =>
        Problem.Invalid(
            $"评价标签“{text}”已停用，请重新选择。",
            $"The reason “{english}” is no longer in use; please choose again."
        );

    public static Problem TagOfAnotherGrade(string text, string english) =>
        Problem.Invalid(
            $"评价标签“{text}”不属于您选的评价，请重新选择。",
            $"The reason “{english}” does not belong to the grade you chose; please choose again."
        );

    public static Problem CommentRefused(Bilingual fault) =>
        Problem.Invalid($"{fault.Chinese}，请修改后再提交。", $"{fault.English}; please change it and send again.");
}
