using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>How many come to a window and how content it leaves them; the seed and its number decide.</summary>
internal sealed record WindowCharacter(double Traffic, double GoodRate)
{
    // Citizens who come to a system that hangs.
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
            // Who goes there has been refused elsewhere.
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
