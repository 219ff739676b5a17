namespace ServiceEval.Data.Halls;

/// <summary>The one row that says what this database is.</summary>
public sealed class Installation
{
    public const int OnlyId = 1;

    /// <summary>In characters.</summary>
    public const int MaxTitle = 100;

    public int Id { get; init; } = OnlyId;
    public string Title { get; set; } = "";

    /// <summary>Seeded from a sample set: page, screen, sheet and report then say 演示数据.</summary>
    public bool Demo { get; set; }

    /// <summary>
    /// Whether screens also show the imported ratings, because they are a demonstration's made-up past.
    /// </summary>
    public bool ShowsMadeUpPast { get; set; }

    /// <summary>
    /// Grows with every change to halls, windows, items or tags, so that a running host reads them anew.
    /// </summary>
    public int DirectoryVersion { get; set; }
}
