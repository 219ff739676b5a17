namespace ServiceEval.Core;

/// <summary>
/// The program cannot start or a command cannot go on. The message is one sentence that the operator can act on.
/// </summary>
public sealed class OperatorException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True if the command line itself is wrong, on every installation. The exit code is then 2.</summary>
    public bool IsUsage { get; init; }
}
