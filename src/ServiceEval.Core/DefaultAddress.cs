namespace ServiceEval.Core;

/// <summary>The address on which the program listens if no setting names another one.</summary>
public static class DefaultAddress
{
    public const string Url = "http://127.0.0.1:5080";
}
