using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tallies;

/// <summary>The number of ratings of each grade. A difference of two counts may be negative.</summary>
public record struct GradeCounts(
    int VerySatisfied,
    int Satisfied,
    int BasicallySatisfied,
    int Dissatisfied,
    int VeryDissatisfied
)
{
    public readonly int Total => VerySatisfied + Satisfied + BasicallySatisfied + Dissatisfied + VeryDissatisfied;

    /// <summary>The number of good ratings (好评): the first three grades.</summary>
    public readonly int Good => VerySatisfied + Satisfied + BasicallySatisfied;

    public readonly bool IsZero => this == default;

    public readonly bool HasNegative =>
        VerySatisfied < 0 || Satisfied < 0 || BasicallySatisfied < 0 || Dissatisfied < 0 || VeryDissatisfied < 0;

    public readonly int this[Grade grade] =>
        grade switch
        {
            Grade.VerySatisfied => VerySatisfied,
            Grade.Satisfied => Satisfied,
            Grade.BasicallySatisfied => BasicallySatisfied,
            Grade.Dissatisfied => Dissatisfied,
            Grade.VeryDissatisfied => VeryDissatisfied,
            _ => throw new ArgumentOutOfRangeException(nameof(grade), grade, "The grade must be one of the five."),
        };

    public static GradeCounts One(Grade grade) =>
        grade switch
        {
            Grade.VerySatisfied => new(1, 0, 0, 0, 0),
            Grade.Satisfied => new(0, 1, 0, 0, 0),
            Grade.BasicallySatisfied => new(0, 0, 1, 0, 0),
            Grade.Dissatisfied => new(0, 0, 0, 1, 0),
            Grade.VeryDissatisfied => new(0, 0, 0, 0, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(grade), grade, "The grade must be one of the five."),
        };

    public static GradeCounts operator *(GradeCounts counts, int times) =>
        new(
            counts.VerySatisfied * times,
            counts.Satisfied * times,
            counts.BasicallySatisfied * times,
            counts.Dissatisfied * times,
            counts.VeryDissatisfied * times
        );

    public static GradeCounts operator +(GradeCounts a, GradeCounts b) =>
        new(
            a.VerySatisfied + b.VerySatisfied,
            a.Satisfied + b.Satisfied,
            a.BasicallySatisfied + b.BasicallySatisfied,
            a.Dissatisfied + b.Dissatisfied,
            a.VeryDissatisfied + b.VeryDissatisfied
        );

    public static GradeCounts operator -(GradeCounts a, GradeCounts b) =>
        new(
            a.VerySatisfied - b.VerySatisfied,
            a.Satisfied - b.Satisfied,
            a.BasicallySatisfied - b.BasicallySatisfied,
            a.Dissatisfied - b.Dissatisfied,
            a.VeryDissatisfied - b.VeryDissatisfied
        );
}
