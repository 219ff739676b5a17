using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Storage.Columns;

/// <summary>Reads a part of a row that is no entity, such as the key of a tally.</summary>
public delegate TPart ReadPart<out TPart>(ref StoredValues values);

/// <summary>A table of counts by key.</summary>
/// <param name="ReadKey">Reads the columns of the key, in the order of the list.</param>
/// <param name="ReadCount">Reads the columns after the key.</param>
public sealed record Tally<TKey, TCount>(
    ColumnList<KeyValuePair<TKey, TCount>> Columns,
    ReadPart<TKey> ReadKey,
    ReadPart<TCount> ReadCount
);

/// <summary>The counts of a tally with one column for each grade.</summary>
public static class GradeColumns
{
    public static ColumnList<KeyValuePair<TKey, GradeCounts>> Grades<TKey>(
        this ColumnList<KeyValuePair<TKey, GradeCounts>> key
    ) =>
        key.Sum(t => t.Value.VerySatisfied)
            .Sum(t => t.Value.Satisfied)
            .Sum(t => t.Value.BasicallySatisfied)
            .Sum(t => t.Value.Dissatisfied)
            .Sum(t => t.Value.VeryDissatisfied);

    public static GradeCounts Read(ref StoredValues values) =>
        new(values.Number(), values.Number(), values.Number(), values.Number(), values.Number());
}
