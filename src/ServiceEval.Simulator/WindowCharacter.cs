using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>
/// How many citizens come to a window, and the share of good grades they give. Both depend only on the seed, the hall's
/// code and the window's number.
/// </summary>
internal sealed record WindowCharacter(double Traffic, double GoodRate)
{
    // The grades of citizens who must wait because the system is down.
    private static readonly (Grade, double)[] Waiting =
    [
        (Grade.VerySatisfied, 0.3),
        (Grade.Satisfied, 0.2),
        (Grade.BasicallySatisfied, 0.15),
        (Grade.Dissatisfied, 0.22),
        (Grade.VeryDissatisfied, 0.13),
    ];

    public static WindowCharacter Of(WindowEntry window, int seed)
    {
        var random = Draws.For(seed, window.Hall.Code, window.Number);
        var goodRate = random.NextDouble() switch
        {
            < 0.15 => random.Between(0.975, 0.995),
            < 0.85 => random.Between(0.92, 0.96),
            _ => random.Between(0.76, 0.86),
        };
        var traffic =
            Math.Exp(random.Between(-0.8, 0.8)) * (window.Hall.Hall.Kind == HallKind.TownshipCentre ? 0.15 : 1);
        return window.Window.Kind switch
        {
            WindowKind.SelfService => new(traffic * 0.3, goodRate),
            // Citizens at this window (办不成事) were refused at another window before.
            WindowKind.Escalation => new(traffic * 0.15, goodRate - 0.08),
            _ => new(traffic, goodRate),
        };
    }

    public Grade DrawGrade(Random random)
    {
        var delighted = GoodRate * 0.8 * Math.Clamp((GoodRate - 0.5) / 0.5, 0, 1);
        return random.Pick([
            (Grade.VerySatisfied, delighted),
            (Grade.Satisfied, (GoodRate - delighted) * 0.7),
            (Grade.BasicallySatisfied, (GoodRate - delighted) * 0.3),
            (Grade.Dissatisfied, (1 - GoodRate) * 0.6),
            (Grade.VeryDissatisfied, (1 - GoodRate) * 0.4),
        ]);
    }

    public static Grade DrawGradeOfBadWeek(Random random) => random.Pick(Waiting);
}
