namespace ServiceEval.Web.Hosting;

/// <summary>
/// A check of one aspect of an installation. A check writes nothing. It works with and without a running host.
/// </summary>
internal abstract class Check
{
    /// <summary>The name for programs, as in the JSON output.</summary>
    public abstract string Name { get; }

    /// <summary>The title for people.</summary>
    public abstract string Title { get; }

    public abstract Task ExamineAsync(Findings findings, CancellationToken ct);
}
