using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports;

/// <summary>The problems of reading a report.</summary>
internal static class ReportProblems
{
    public static readonly Problem PasswordNeeded = new(
        401,
        "password-needed",
        "查看周报需要用户名和密码。",
        "Reports need a user name and a password."
    );

    public static Problem NoPdf(string whyNot) =>
        Problem.NotFound with
        {
            Detail = whyNot,
            English = "There is no PDF of this report.",
        };

    /// <summary>
    /// The problem if a PDF could not be printed. It is a form of <see cref="Problem.NotStored"/>, because no file was made or
    /// kept. A program that follows the API contract repeats the request.
    /// </summary>
    public static Problem NotPrinted(string whyNot) =>
        Problem.NotStored with
        {
            Detail = whyNot,
            English = "The report was not printed; please try again.",
        };
}
