using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ServiceEval.Web.Hosting;

/// <summary>The problems of the public surface: a name, its status and a sentence that says what to do.</summary>
public sealed record Problem(int Status, string Name, string Detail, string English)
{
    public static readonly Problem TicketMissing = new(400, "ticket-missing", "请求中没有票据，请重新打开评价页面。",
        "The request carries no ticket; please open the rating page again.");
    public static readonly Problem TicketInvalid = new(403, "ticket-invalid", "票据无效，或不属于这个窗口，请重新扫码。",
        "The ticket is not valid, or belongs to another window; please scan again.");
    public static readonly Problem WindowUnknown = new(404, "window-unknown", "没有这个窗口的评价码，请核对后重新扫码。",
        "No window has this code; please check it and scan again.");
    public static readonly Problem ReceiptUnknown = new(404, "receipt-unknown", "没有查到这个回执，请核对后再试。",
        "This receipt is not known; please check it.");
    public static readonly Problem HallUnknown = new(404, "hall-unknown", "没有这个大厅，请核对地址。",
        "There is no such hall; please check the address.");
    public static readonly Problem DetailsPresent = new(409, "details-present", "这次评价已经补充过说明，不能再改。",
        "Something was added to this rating already; it can not be changed.");
    public static readonly Problem CorrectionClosed = new(409, "correction-closed", "只能在评价后两分钟内重新选一次，现在已不能更改。",
        "A rating can be changed once, within two minutes; that is over.");
    public static readonly Problem TicketExpired = new(410, "ticket-expired", "页面打开较久，请再选一次，您填写的内容还在。",
        "The page was open for long; please choose once more.");
    public static readonly Problem WindowRetired = new(410, "window-retired", "此评价码已停用，请扫窗口上的新码，或到导办台反映。",
        "This code is out of use; please scan the new one at the window, or ask at the guide desk.");
    public static readonly Problem TooLarge = new(413, "too-large", "提交的内容过大（上限64 KiB），没有保存。",
        "Too much was sent (64 KiB at most); nothing was stored.");
    public static readonly Problem UnsupportedMedia = new(415, "unsupported-media", "不支持这种内容类型，没有保存。",
        "This kind of content is not taken; nothing was stored.");
    public static readonly Problem TooMany = new(429, "too-many", "请求过于频繁，请一分钟后再试。",
        "Too many requests; please try again in a minute.");
    public static readonly Problem NotStored = new(503, "not-stored", "刚才没有提交成功，评价没有保存，请再按一次。",
        "That did not go through and nothing was stored; please press once more.");
    public static readonly Problem OutcomeUnknown = new(503, "outcome-unknown", "暂时无法确认是否已保存，请再按一次；重复提交不会重复计数。",
        "We can not tell yet whether it was stored; please press once more, it can not count twice.");

    private const int RetrySeconds = 2;

    public static readonly Problem CrossSite = new(403, "ticket-invalid", "请求来自其他网站，没有保存，请重新扫码。",
        "The request came from another site and nothing was stored; please scan again.");

    public static Problem Invalid(string detail, string english = "Something in the request is not as it should be; nothing was stored.") => new(400, "invalid", detail, english);

    public ProblemDetails ToDetails() => new()
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

    /// <summary>The headers that go with the status, also where the body is a page.</summary>
    public void Announce(HttpContext http)
    {
        if (Status is 503 or 429) http.Response.Headers.RetryAfter = (Status == 429 ? 60 : RetrySeconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What a bare status means; null for one that no name fits.</summary>
    public static Problem? OfStatus(int status) => status switch
    {
        400 => Invalid("请求的格式不对，没有保存任何内容。"),
        413 => TooLarge,
        415 => UnsupportedMedia,
        429 => TooMany,
        _ => null,
    };
}
