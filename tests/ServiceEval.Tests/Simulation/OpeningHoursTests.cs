using ServiceEval.Core.Places;
using ServiceEval.Simulator;

namespace ServiceEval.Tests.Simulation;

public sealed class OpeningHoursTests
{
    [Theory]
    [InlineData("Mo-Fr 09:00-12:00,13:30-17:00", DayOfWeek.Monday, "09:00-12:00 13:30-17:00")]
    [InlineData("Mo-Fr 09:00-12:00,13:30-17:00", DayOfWeek.Saturday, "")]
    [InlineData("Mo-Fr 09:00-12:00, 13:30-17:00; Sa 09:00-12:00", DayOfWeek.Saturday, "09:00-12:00")]
    [InlineData("Mo-Su 00:00-24:00", DayOfWeek.Sunday, "00:00-24:00")]
    [InlineData("24/7", DayOfWeek.Wednesday, "00:00-24:00")]
    [InlineData("09:00-17:00", DayOfWeek.Sunday, "09:00-17:00")]
    [InlineData("Mo,We-Th 09:00-17:00", DayOfWeek.Thursday, "09:00-17:00")]
    [InlineData("Mo,We-Th 09:00-17:00", DayOfWeek.Tuesday, "")]
    [InlineData("Sa-Mo 10:00-12:00", DayOfWeek.Sunday, "10:00-12:00")]
    [InlineData("09:00-17:00; Su off", DayOfWeek.Sunday, "")]
    [InlineData("Mo-Fr 09:00-17:00; We 13:00-17:00", DayOfWeek.Wednesday, "13:00-17:00")]
    [InlineData("Mo-Fr 09:00-17:00; PH off", DayOfWeek.Friday, "09:00-17:00")]
    public void The_usual_forms_of_opening_hours_are_read(string text, DayOfWeek day, string expected)
    {
        Assert.True(OpeningHours.TryParse(text, out var hours));
        Assert.Equal(expected, string.Join(' ', hours.On(day).Select(s => $"{Clock(s.From)}-{Clock(s.To)}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("周一至周五")]
    [InlineData("PH off")]
    [InlineData("Mo-Fr 9:00-17:00")]
    [InlineData("Mo-Fr 22:00-02:00")]
    [InlineData("Mo-Fr 09:00-24:30")]
    [InlineData("Mo-Fr 13:00-17:00,09:00-12:00")]
    [InlineData("Mo-Fr 09:00-12:00;")]
    [InlineData("Mo-Xx 09:00-12:00")]
    [InlineData("Jan-Mar Mo-Fr 09:00-12:00")]
    [InlineData("Mo 09:00-12:00 open")]
    public void What_is_not_understood_is_not_guessed(string text) => Assert.False(OpeningHours.TryParse(text, out _));

    private static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
