namespace ServiceEval.Core.Ratings;

/// <summary>
/// 非常满意 … 非常不满意. The numbers belong to this database only. Exchange profiles number the grades in opposite directions,
/// so a grade must be mapped by a profile before it leaves the database.
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

    /// <summary>Returns true for a bad grade (差评): the last two grades.</summary>
    public static bool IsBad(this Grade grade) => grade >= Grade.Dissatisfied;

    public static bool IsDefined(this Grade grade) => grade is >= Grade.VerySatisfied and <= Grade.VeryDissatisfied;
}
