using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The meaning of the numbers of an interface. Interfaces count grades in opposite directions, so no number is read
/// without a profile.
/// </summary>
/// <param name="GradesFromOne">The grades that the numbers 1 to 5 stand for.</param>
/// <param name="ChannelsFromOne">The channels that the numbers from 1 on stand for; empty if the interface has no
/// numbers for channels.</param>
internal sealed record ExchangeProfile(
    string Name,
    IReadOnlyList<Grade> GradesFromOne,
    IReadOnlyList<Channel> ChannelsFromOne
)
{
    /// <summary>The numbers of the national and provincial interfaces in service.</summary>
    public static readonly ExchangeProfile National = new(
        "national",
        [.. Grades.All.Reverse()],
        [Channel.Pc, Channel.Mobile, Channel.Qr, Channel.Tablet, Channel.Terminal, Channel.Phone, Channel.Sms]
    );

    /// <summary>The numbers of GB/T 39046-2020, A.8.</summary>
    public static readonly ExchangeProfile Gb39046 = new("gb39046", Grades.All, []);

    public static readonly IReadOnlyList<ExchangeProfile> All = [National, Gb39046];

    private static readonly string GradeWords = string.Join("、", Grades.All.Select(g => Words.Of(g)));
    private static readonly string ChannelNames = string.Join("、", Enum.GetValues<Channel>().Select(Words.Wire));

    /// <summary>Reads a grade by its official words or its name. If there is a profile, a number is read too.</summary>
    public static (Grade? Grade, string? Fault) GradeOf(ExchangeProfile? profile, string text) =>
        Read(
            profile,
            text,
            "grade",
            p => p.GradesFromOne,
            t => Words.GradeOf(t) ?? Grades.All.Where(g => Words.Of(g) == t).Select(g => (Grade?)g).FirstOrDefault(),
            GradeWords
        );

    /// <summary>
    /// Reads a channel by its name. If there is a profile with numbers for channels, a number is read too.
    /// </summary>
    public static (Channel? Channel, string? Fault) ChannelOf(ExchangeProfile? profile, string text) =>
        Read(profile, text, "channel", p => p.ChannelsFromOne, Words.ChannelOf, ChannelNames);

    private static (T? Value, string? Fault) Read<T>(
        ExchangeProfile? profile,
        string text,
        string column,
        Func<ExchangeProfile, IReadOnlyList<T>> numbered,
        Func<string, T?> named,
        string known
    )
        where T : struct
    {
        if (text.Length == 0)
            return (null, $"{column} 是空的");
        if (named(text) is { } value)
            return (value, null);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return (null, $"{column} 的“{Excerpt.Of(text)}”无法识别，应为{known}之一");
        if (profile is null)
            return (null, $"{column} 的“{number}”是数字，各系统含义不同，须用 --profile 指明编码规则");
        var values = numbered(profile);
        if (number >= 1 && number <= values.Count)
            return (values[(int)number - 1], null);
        return (null, $"编码规则 {profile.Name} 中没有 {column} 的“{number}”");
    }
}
