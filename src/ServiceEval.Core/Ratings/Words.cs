using System.Collections.Frozen;
using System.Text.Json;

namespace ServiceEval.Core.Ratings;

/// <summary>The official words of the grades, tiers, channels and standings, and their English translations.</summary>
public static class Words
{
    private static readonly FrozenDictionary<string, Grade> GradesByWire = Grades.All.ToFrozenDictionary(
        Wire,
        StringComparer.Ordinal
    );
    private static readonly FrozenDictionary<string, Channel> ChannelsByWire = Enum.GetValues<Channel>()
        .ToFrozenDictionary(Wire, StringComparer.Ordinal);

    // A form does not encode this character as several characters.
    private const char Padding = '.';

    /// <summary>The length of the longest name of a grade on the wire.</summary>
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

    /// <summary>Returns the grade's name on the wire.</summary>
    public static string Wire(Grade grade) => JsonNamingPolicy.CamelCase.ConvertName(grade.ToString());

    /// <summary>Returns the grade with this name on the wire; null for any other text, numbers in particular.</summary>
    public static Grade? GradeOf(string? wire) => GradesByWire.TryGetValue(wire ?? "", out var grade) ? grade : null;

    /// <summary>
    /// Returns the name that a face's button sends. It is padded, so that the encrypted posts of all grades have the
    /// same length.
    /// </summary>
    public static string OfButton(Grade grade) => Wire(grade).PadRight(LongestWire, Padding);

    /// <summary>
    /// Returns the grade that a button sent, or another client by its bare name; null for any other text.
    /// </summary>
    public static Grade? GradeOfButton(string? sent) => GradeOf(sent?.TrimEnd(Padding));

    /// <summary>Returns the channel's name on the wire.</summary>
    public static string Wire(Channel channel) => JsonNamingPolicy.CamelCase.ConvertName(channel.ToString());

    /// <summary>
    /// Returns the channel with this name on the wire; null for any other text, numbers in particular.
    /// </summary>
    public static Channel? ChannelOf(string? wire) =>
        ChannelsByWire.TryGetValue(wire ?? "", out var channel) ? channel : null;

    public static string Of(Standing standing, bool english = false) =>
        standing switch
        {
            Standing.Counted => english ? "Counted" : "计入",
            Standing.Quarantined => english ? "Being verified" : "待核实",
            Standing.Voided => english ? "Not adopted" : "不予采纳",
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "This standing does not exist."),
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
            _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "This tier does not exist."),
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
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "This channel does not exist."),
        };
}
