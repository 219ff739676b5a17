using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ServiceEval.Web.Http;

/// <summary>A problem of the public interface: a name, an HTTP status, and a sentence that says what to do.</summary>
public sealed record Problem(int Status, string Name, string Detail, string English)
{
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

    public static Problem Invalid(string detail, string english) => new(400, "invalid", detail, english);

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
