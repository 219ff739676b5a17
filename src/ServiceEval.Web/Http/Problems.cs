using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ServiceEval.Web.Components;

namespace ServiceEval.Web.Http;

/// <summary>A problem of the public interface: a name, an HTTP status, and a sentence that says what to do.</summary>
public sealed record Problem(int Status, string Name, string Detail, string English)
{
    public static readonly Problem TicketMissing = new(
        400,
        "ticket-missing",
        "评价页面不完整，没有保存，请重新扫码打开。",
        "The page was incomplete and nothing was stored; please scan the code again."
    );
    public static readonly Problem PasswordNeeded = new(
        401,
        "password-needed",
        "查看周报需要用户名和密码。",
        "Reports need a user name and a password."
    );
    public static readonly Problem TicketInvalid = new(
        403,
        "ticket-invalid",
        "评价页面已失效，或不属于这个窗口，没有保存，请重新扫码。",
        "This page is no longer valid, or belongs to another window; nothing was stored. Please scan again."
    );
    public static readonly Problem WindowUnknown = new(
        404,
        "window-unknown",
        "没有找到这个评价码对应的窗口，请核对后重新扫码。",
        "No window has this code; please check it and scan again."
    );
    public static readonly Problem ReceiptUnknown = new(
        404,
        "receipt-unknown",
        "没有查到这个回执，请核对后再试。",
        "This receipt is not known; please check it."
    );
    public static readonly Problem HallUnknown = new(
        404,
        "hall-unknown",
        "没有这个大厅，请核对地址。",
        "There is no such hall; please check the address."
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
    public static readonly Problem WindowRetired = new(
        410,
        "window-retired",
        "此评价码已停用，请扫窗口上的新码，或到导办台反映。",
        "This code is out of use; please scan the new one at the window, or ask at the guide desk."
    );
    public static readonly Problem TooLarge = new(
        413,
        "too-large",
        "提交的内容太长，没有保存，请缩短后再提交。",
        "That was too long and nothing was stored; please shorten it."
    );
    public static readonly Problem UnsupportedMedia = new(
        415,
        "unsupported-media",
        "不支持这种内容类型，没有保存。",
        "This kind of content is not supported; nothing was stored."
    );
    public static readonly Problem TooMany = new(
        429,
        "too-many",
        "请求过于频繁，请一分钟后再试。",
        "Too many requests; please try again in a minute."
    );
    public static readonly Problem NotFound = new(
        404,
        "not-found",
        "没有这个页面，请核对地址。",
        "There is no such page; please check the address."
    );

    /// <summary>The problem for the root address. No printed code contains it.</summary>
    public static readonly Problem NothingHere = new(
        404,
        "not-found",
        "请扫描窗口的二维码进行评价。",
        "Please scan the code at a window to rate it."
    );
    public static readonly Problem MethodNotAllowed = new(
        405,
        "method-not-allowed",
        "这个地址不支持这种请求方法。",
        "This address does not take that method."
    );
    public static readonly Problem Fault = new(
        500,
        "fault",
        "系统出了故障，这次操作可能没有完成；已经保存的评价不会丢失，再试一次也不会重复计数。",
        "Something broke on our side and this may not have completed; ratings already stored are not lost, and trying again can not count twice."
    );
    public static readonly Problem NotStored = new(
        503,
        "not-stored",
        "刚才没有提交成功，评价没有保存，请再按一次。",
        "That did not go through and nothing was stored; please press once more."
    );

    /// <summary>
    /// The counterpart of <see cref="NotStored"/> for an addition to a stored rating. The stored rating does not
    /// change.
    /// </summary>
    public static readonly Problem NotAdded = new(
        503,
        "not-stored",
        "刚才没有提交成功，这次提交的内容没有保存，请再按一次；先前的评价不受影响。",
        "That did not go through and what you just sent was not stored; please press once more. Your rating stands as it was."
    );
    public static readonly Problem OutcomeUnknown = new(
        503,
        "outcome-unknown",
        "暂时无法确认是否已保存，请再按一次；重复提交不会重复计数。",
        "We cannot tell yet whether it was stored; please press once more, it cannot count twice."
    );

    /// <summary>The counterpart of <see cref="OutcomeUnknown"/> for a request that only reads.</summary>
    public static readonly Problem Unreadable = new(
        503,
        "outcome-unknown",
        "数据库暂时没有应答；已保存的评价不会丢失，请稍后刷新页面。",
        "The database does not answer just now; what was stored is safe. Please reload in a moment."
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

    public static Problem NoPdf(string whyNot) =>
        NotFound with
        {
            Detail = whyNot,
            English = "There is no PDF of this report.",
        };

    /// <summary>
    /// The problem if a PDF could not be printed. It is a form of <see cref="NotStored"/>, because no file was made or
    /// kept. A program that follows the API contract repeats the request.
    /// </summary>
    public static Problem NotPrinted(string whyNot) =>
        NotStored with
        {
            Detail = whyNot,
            English = "The report was not printed; please try again.",
        };

    private const int RetrySeconds = 2;

    public static readonly Problem CrossSite = new(
        403,
        "ticket-invalid",
        "请求来自其他网站，没有保存，请重新扫码。",
        "The request came from another site and nothing was stored; please scan again."
    );

    public static readonly Problem Unformed = Invalid(
        "请求的格式不对，没有保存任何内容。",
        "The request is not formed as it should be; nothing was stored."
    );
    public static readonly Problem UnreadableForm = Invalid(
        "提交的内容无法读取，没有保存。",
        "What was sent could not be read; nothing was stored."
    );
    public static readonly Problem NoVisits = Invalid(
        "办件尚未接入，不能凭办件领取票据。",
        "Visits are not connected yet; no ticket can be had for one."
    );
    public static readonly Problem GradeMissing = Invalid(
        "请选择五种评价之一。",
        "Please choose one of the five grades."
    );
    public static readonly Problem ChannelNotAllowed = Invalid(
        "这张票据不能用于该评价渠道。",
        "This ticket is not for that channel."
    );
    public static readonly Problem ReceiptMissing = Invalid("还没有填写回执。", "Please enter a receipt.");
    public static readonly Problem NothingAdded = Invalid(
        "还没有填写内容：可选评价标签、写下意见，或选办理事项。",
        "Nothing is filled in yet: tick a reason, write a comment, or choose an item."
    );
    public static readonly Problem GradeReplaced = Invalid(
        "评价刚刚改选过，请按新的评价重新选择标签。",
        "The grade was changed meanwhile; please choose from the reasons for the new one."
    );
    public static readonly Problem ItemUnknown = Invalid(
        "没有这个事项，请重新选择。",
        "There is no such item; please choose again."
    );
    public static readonly Problem TagUnknown = Invalid(
        "没有这个评价标签，请重新选择。",
        "There is no such reason; please choose again."
    );

    public static Problem Invalid(string detail, string english) => new(400, "invalid", detail, english);

    public static Problem TagRetired(string text, string english) =>
        Invalid(
            $"评价标签“{text}”已停用，请重新选择。",
            $"The reason “{english}” is no longer in use; please choose again."
        );

    public static Problem TagOfAnotherGrade(string text, string english) =>
        Invalid(
            $"评价标签“{text}”不属于您选的评价，请重新选择。",
            $"The reason “{english}” does not belong to the grade you chose; please choose again."
        );

    internal static Problem CommentRefused(Bilingual fault) =>
        Invalid($"{fault.Chinese}，请修改后再提交。", $"{fault.English}; please change it and send again.");

    public ProblemDetails ToDetails() =>
        new()
        {
            Status = Status,
            Type = $"urn:serviceeval:{Name}",
            Title = Name,
            Detail = Detail,
        };

    public ProblemHttpResult ToResult(HttpContext http)
    {
        Announce(http);
        return TypedResults.Problem(ToDetails());
    }

    /// <summary>Sets the headers that belong to the status, also if the body is an HTML page.</summary>
    public void Announce(HttpContext http)
    {
        if (Status is 503 or 429)
            http.Response.Headers.RetryAfter = (Status == 429 ? 60 : RetrySeconds).ToString(
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>Returns the problem for an HTTP status; null if no problem fits.</summary>
    public static Problem? OfStatus(int status) =>
        status switch
        {
            400 => Unformed,
            404 => NotFound,
            405 => MethodNotAllowed,
            413 => TooLarge,
            415 => UnsupportedMedia,
            429 => TooMany,
            503 => Unreadable,
            500 => Fault,
            _ => null,
        };
}
