using System.Collections.Frozen;
using System.Text.Json;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The official words of the grades, tiers, channels and standings, and their English.</summary>
public static class Words
{
    private static readonly FrozenDictionary<string, Grade> GradesByWire = Grades.All.ToFrozenDictionary(
        Wire,
        StringComparer.Ordinal
    );
    private static readonly FrozenDictionary<string, Channel> ChannelsByWire = Enum.GetValues<Channel>()
        .ToFrozenDictionary(Wire, StringComparer.Ordinal);

    // No character that a form would write as several.
    private const char Padding = '.';

    /// <summary>The length of the grades' longest name on the wire.</summary>
    public static readonly int LongestWire = Grades.All.Max(g => Wire(g).Length);

    public static string Of(Grade grade, bool english = false) =>
        grade switch
        {
            Grade.VerySatisfied => english ? "Very satisfied" : "非常满意",
            Grade.Satisfied => english ? "Satisfied" : "满意",
            Grade.BasicallySatisfied => english ? "Fairly satisfied" : "基本满意",
            Grade.Dissatisfied => english ? "Dissatisfied" : "不满意",
            Grade.VeryDissatisfied => english ? "Very dissatisfied" : "非常不满意",
            _ => throw new ArgumentOutOfRangeException(nameof(grade), grade, "There are five grades."),
        };

    /// <summary>The grade's name on the wire.</summary>
    public static string Wire(Grade grade) => JsonNamingPolicy.CamelCase.ConvertName(grade.ToString());

    /// <summary>The grade with this name on the wire; null for anything else, numbers above all.</summary>
    public static Grade? GradeOf(string? wire) => GradesByWire.TryGetValue(wire ?? "", out var grade) ? grade : null;

    /// <summary>
    /// As a face's button sends it: padded, so that the encrypted posts of all grades are of one length.
    /// </summary>
    public static string OfButton(Grade grade) => Wire(grade).PadRight(LongestWire, Padding);

    /// <summary>The grade that a button, or anybody by its bare name, has sent; null for anything else.</summary>
    public static Grade? GradeOfButton(string? sent) => GradeOf(sent?.TrimEnd(Padding));

    /// <summary>The channel's name on the wire.</summary>
    public static string Wire(Channel channel) => JsonNamingPolicy.CamelCase.ConvertName(channel.ToString());

    /// <summary>The channel with this name on the wire; null for anything else, numbers above all.</summary>
    public static Channel? ChannelOf(string? wire) =>
        ChannelsByWire.TryGetValue(wire ?? "", out var channel) ? channel : null;

    public static string Of(Standing standing, bool english = false) =>
        standing switch
        {
            Standing.Counted => english ? "Counted" : "计入",
            Standing.Quarantined => english ? "Being verified" : "待核实",
            Standing.Voided => english ? "Not adopted" : "不予采纳",
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "No such standing."),
        };

    public static string Of(Tier tier) =>
        tier switch
        {
            Tier.Visit => "凭办件",
            Tier.Session => "现场动态码",
            Tier.Printed => "张贴码",
            Tier.Open => "公开",
            Tier.Assisted => "代录",
            Tier.Imported => "导入",
            Tier.Imputed => "默认",
            _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "No such tier."),
        };

    public static string Of(Channel channel) =>
        channel switch
        {
            Channel.Pc => "电脑",
            Channel.Mobile => "移动端",
            Channel.Qr => "二维码",
            Channel.Tablet => "大厅平板",
            Channel.Terminal => "大厅其他终端",
            Channel.Phone => "电话",
            Channel.Sms => "短信",
            Channel.Paper => "纸质",
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "No such channel."),
        };
}
