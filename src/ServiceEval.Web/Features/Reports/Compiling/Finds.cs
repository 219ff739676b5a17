using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// The kinds of findings. Every week's report uses the same words, so that the next report recognises a finding.
/// </summary>
internal static class Finds
{
    public const string Few = "few";
    public const string Fall = "fall";
    public const string Rise = "rise";
    public const string Low = "low";
    public const string High = "high";
    public const string BelowLine = "below-line";
    public const string MoreTags = "more-tags";
    public const string FewerTags = "fewer-tags";
    public const string SilentDays = "silent-days";
    public const string SilentWindows = "silent-windows";
    public const string Assisted = "assisted";
    public const string Repeats = "repeats";
    public const string Unlinked = "unlinked";
    public const string Calendar = "calendar";
    public const string Late = "late";
}
