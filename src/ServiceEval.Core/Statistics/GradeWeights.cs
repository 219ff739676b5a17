using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Statistics;

/// <summary>The score of each grade. The default is the only verified table, Wuzhou's 10/8/6/3/0.</summary>
public sealed record GradeWeights
{
    public double VerySatisfied { get; init; } = 10;
    public double Satisfied { get; init; } = 8;
    public double BasicallySatisfied { get; init; } = 6;
    public double Dissatisfied { get; init; } = 3;
    public double VeryDissatisfied { get; init; }

    public double Highest => Grades.All.Max(grade => this[grade]);
    public double Lowest => Grades.All.Min(grade => this[grade]);

    public double this[Grade grade] =>
        grade switch
        {
            Grade.VerySatisfied => VerySatisfied,
            Grade.Satisfied => Satisfied,
            Grade.BasicallySatisfied => BasicallySatisfied,
            Grade.Dissatisfied => Dissatisfied,
            Grade.VeryDissatisfied => VeryDissatisfied,
            _ => throw new ArgumentOutOfRangeException(nameof(grade), grade, "There are five grades."),
        };
}
