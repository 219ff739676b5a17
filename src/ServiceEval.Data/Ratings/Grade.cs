namespace ServiceEval.Data.Ratings;

/// <summary>
/// 非常满意 … 非常不满意. The number is this database's own: exchange profiles number grades in opposite directions,
/// so none ever leaves without a profile's mapping.
/// </summary>
public enum Grade : byte
{
    VerySatisfied = 1,
    Satisfied = 2,
    BasicallySatisfied = 3,
    Dissatisfied = 4,
    VeryDissatisfied = 5,
}

public static class Grades
{
    public static readonly IReadOnlyList<Grade> All =
    [
        Grade.VerySatisfied,
        Grade.Satisfied,
        Grade.BasicallySatisfied,
        Grade.Dissatisfied,
        Grade.VeryDissatisfied,
    ];

    /// <summary>差评: the last two.</summary>
    public static bool IsBad(this Grade grade) => grade >= Grade.Dissatisfied;

    public static bool IsDefined(this Grade grade) => grade is >= Grade.VerySatisfied and <= Grade.VeryDissatisfied;
}
