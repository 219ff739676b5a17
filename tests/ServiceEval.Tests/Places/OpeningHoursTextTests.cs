using System.Net;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Places;

/// <summary>Tests the opening hours that a set may contain, as citizens read them.</summary>
public sealed class OpeningHoursTextTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "Mo-Fr 09:00-12:00,13:30-17:00; PH off",
        "周一至周五 09:00—12:00，13:30—17:00；法定节假日不办公",
        "Mon–Fri 09:00–12:00, 13:30–17:00; closed on public holidays"
    )]
    [InlineData("PH closed", "法定节假日不办公", "closed on public holidays")]
    [InlineData("24/7", "每天24小时", "24 hours, every day")]
    [InlineData("09:00-17:00; Su off", "每天 09:00—17:00；周日不办公", "daily 09:00–17:00; Sun closed")]
    [InlineData("Mo-Su 00:00-24:00", "每天 00:00—24:00", "daily 00:00–24:00")]
    [InlineData("Mo,We-Th 09:00-17:00", "周一、周三、周四 09:00—17:00", "Mon, Wed, Thu 09:00–17:00")]
    [InlineData(
        "Tu-Sa  09:00-12:00, 14:00-18:00;Sa-Su closed",
        "周二至周六 09:00—12:00，14:00—18:00；周六、周日不办公",
        "Tue–Sat 09:00–12:00, 14:00–18:00; Sat, Sun closed"
    )]
    [InlineData("Fr-Mo 10:00-12:00", "周五至周一 10:00—12:00", "Fri–Mon 10:00–12:00")]
    [InlineData("off", "不办公", "closed")]
    public void Every_form_has_its_words(string hours, string chinese, string english) =>
        Assert.Equal(new Bilingual(chinese, english), OpeningHoursText.Of(hours));

    [Theory]
    [InlineData("PH 09:00-12:00")]
    [InlineData("SH off")]
    [InlineData("Mo-Fr 09:00-17:00;")]
    [InlineData("Mo-Fr 09:00-17:00 PH off")]
    [InlineData("ph off")]
    public void A_form_without_words_is_no_opening_hours_of_a_set(string hours)
    {
        Assert.Null(OpeningHoursText.Of(hours));
        Assert.Contains("无法识别", Must.BeOpeningHours(hours), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_halls_page_has_no_token_of_the_form()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync(
            """
            UPDATE Halls SET OpeningHours = 'Tu-Sa 09:00-17:00; Mo off; PH off';
            UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1
            """
        );
        await host.Part<HallDirectory>().RefreshAsync(Ct);

        var chinese = WebUtility.HtmlDecode(await host.Client.GetStringAsync($"/h/{TestHost.Hall}", Ct));
        var english = WebUtility.HtmlDecode(await host.Client.GetStringAsync($"/h/{TestHost.Hall}?lang=en", Ct));

        Assert.Contains("周二至周六 09:00—17:00；周一不办公；法定节假日不办公", chinese, StringComparison.Ordinal);
        Assert.Contains("Tue–Sat 09:00–17:00; Mon closed; closed on public", english, StringComparison.Ordinal);
        foreach (var token in (string[])["PH ", "Mo ", "Tu-Sa"])
            Assert.DoesNotContain(token, chinese + english, StringComparison.Ordinal);
    }
}
