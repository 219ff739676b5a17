namespace ServiceEval.Core.Places;

/// <summary>The one row that describes the installation of this database.</summary>
public sealed class Installation
{
    public const int OnlyId = 1;

    /// <summary>The maximum length of the title, in characters.</summary>
    public const int MaxTitle = 100;

    public int Id { get; init; } = OnlyId;
    public string Title { get; set; } = "";

    /// <summary>True if the data come from a sample set. Page, screen, sheet and report then say 演示数据.</summary>
    public bool Demo { get; set; }

    /// <summary>
    /// True if screens also show the imported ratings, because they are the invented past of a demonstration.
    /// </summary>
    public bool ShowsMadeUpPast { get; set; }

    /// <summary>
    /// A number that grows with every change to halls, windows, items or tags. A running host then reads them again.
    /// </summary>
    public int DirectoryVersion { get; set; }
}
