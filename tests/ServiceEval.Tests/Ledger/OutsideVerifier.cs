using System.Diagnostics;
using System.Text;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Ledger;

/// <summary>
/// The program in tests/ledger-verifier. It knows FORMAT.md and shares no code with ours, and it is written in another
/// language.
/// </summary>
internal static class OutsideVerifier
{
    private static readonly string Folder = Path.Combine(ProgramRun.Checkout, "tests", "ledger-verifier");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static string Vectors =>
        Path.Combine(ProgramRun.Checkout, "src", "ServiceEval.Core", "Ledger", "test-vectors.json");

    /// <summary>Returns the SQL that writes the dump on this database: <c>sqlite</c> or <c>postgresql</c>.</summary>
    public static Task<string> DumpSqlAsync(string database) =>
        File.ReadAllTextAsync(Path.Combine(Folder, $"dump-{database}.sql"), Ct);

    /// <param name="dump">The lines for standard input.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> dump,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("node", ["verify.mjs", .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        try
        {
            await process.StandardInput.WriteAsync(string.Join('\n', dump).AsMemory(), Ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ends at the first fault and does not read the rest.
        }
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output + await errors);
    }
}
