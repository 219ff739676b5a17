namespace ServiceEval.Web.Hosting;

public enum FindingState : byte
{
    Ok,

    /// <summary>Nothing is broken, but the operator should know or decide something.</summary>
    Warning,
    Fault,
}

/// <param name="Remedy">What to do; null if nothing is wrong, or if the finding itself says what to do.</param>
public sealed record Finding(FindingState State, string What, string? Remedy);

/// <summary>The findings of a check that only reads.</summary>
internal sealed class Findings
{
    /// <summary>The remedy if this account may not read the files of the service.</summary>
    public const string AsTheService = "请用服务的账号运行，如 sudo serviceeval doctor。";

    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public FindingState Worst => _all.Count == 0 ? FindingState.Ok : _all.Max(f => f.State);

    public void Ok(string what) => _all.Add(new(FindingState.Ok, what, null));

    public void Warning(string what, string? remedy = null) => _all.Add(new(FindingState.Warning, what, remedy));

    public void Fault(string what, string? remedy = null) => _all.Add(new(FindingState.Fault, what, remedy));
}
