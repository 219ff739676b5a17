using System.Runtime.CompilerServices;

namespace ServiceEval.Tests.Contract;

/// <summary>
/// Compares a text with the approved file beside the test. To approve an intended change, run the tests with APPROVE=1
/// and commit the file.
/// </summary>
internal static class Approved
{
    public static void AssertSame(string name, string text, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, name);
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            File.WriteAllText(path, text);
        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (approved == text)
            return;

        var (was, now) = (approved.Split('\n'), text.Split('\n'));
        var differences = was.Except(now)
            .Select(line => $"- {line}")
            .Concat(now.Except(was).Select(line => $"+ {line}"))
            .Take(40);
        Assert.Fail(
            $"The public surface differs from {path}:\n{string.Join('\n', differences)}\nIf that is meant, run this test once with APPROVE=1 in the environment and commit the file."
        );
    }
}
