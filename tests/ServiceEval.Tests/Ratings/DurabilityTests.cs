using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed partial class DurabilityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rating_is_synced_to_the_disk_before_it_is_acknowledged()
    {
        if (
            await OutsideTool.TryAsync(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync",
                "true"
            ) is
            { } why
        )
            Assert.Skip($"The system calls of the program can't be watched here: strace says {why}");
        var directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
        try
        {
            await AssertCodeAsync(0, new ServiceProcess(directory).RunAsync("seed", "minimal"));
            var (_, windows, _) = await new ServiceProcess(directory).RunAsync("windows", "--json");
            var windowCode = JsonDocument.Parse(windows).RootElement[0].GetProperty("code").GetString();

            var trace = Path.Combine(directory, "strace.log");
            var traced = new ServiceProcess(directory).Under(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-y",
                "-s",
                "24",
                "-o",
                trace,
                "-e",
                "trace=fsync,fdatasync,write,pwrite64,pwritev,writev,sendto,sendmsg,sendmmsg"
            );
            await using (var host = await traced.ServeAsync())
            {
                using var issued = await host.Client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
                var ticket = await TestHost.ReadAsync<TicketResponse>(issued, HttpStatusCode.Created);
                using var given = await host.Client.PostAsJsonAsync(
                    "/api/v1/ratings",
                    new { ticket = ticket.Ticket, grade = "dissatisfied" },
                    Ct
                );
                await TestHost.ReadAsync<RatingResponse>(given, HttpStatusCode.Created);
            }

            AssertSyncedBeforeSecondAnswer(await File.ReadAllLinesAsync(trace, Ct));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// Asserts the order between the ticket's answer and the rating's answer: the write-ahead log is written, and then
    /// its sync returns.
    /// </summary>
    private static void AssertSyncedBeforeSecondAnswer(string[] calls)
    {
        var answers = calls.Index().Where(call => Answer().IsMatch(call.Item)).Select(call => call.Index).ToList();
        Assert.Equal(2, answers.Count);
        var (before, after) = (answers[0], answers[1]);

        var written = Array.FindLastIndex(calls, after, call => WriteAhead().IsMatch(call));
        Assert.True(
            written > before,
            "The rating was acknowledged and nothing had been written to the write-ahead log."
        );
        Assert.True(
            SyncReturned(calls[written..after]),
            "The rating was acknowledged before the write-ahead log was synced:\n"
                + string.Join('\n', calls[before..(after + 1)])
        );
    }

    /// <summary>
    /// Returns whether a sync returned. If a call of another thread interrupts a sync, the sync takes two lines in the
    /// trace. Only the second line says that it is done.
    /// </summary>
    private static bool SyncReturned(string[] calls)
    {
        var threads = new HashSet<string>();
        foreach (var call in calls)
        {
            var thread = call.Split(' ')[0];
            if (Sync().IsMatch(call))
            {
                if (call.EndsWith("= 0", StringComparison.Ordinal))
                    return true;
                threads.Add(thread);
            }
            else if (threads.Contains(thread) && SyncResumed().IsMatch(call))
                return true;
        }
        return false;
    }

    private static async Task AssertCodeAsync(int expected, Task<(int ExitCode, string Output, string Errors)> run)
    {
        var (exitCode, _, errors) = await run;
        Assert.True(exitCode == expected, errors);
    }

    [GeneratedRegex(@"(sendmsg|sendto|write|writev)\(\d+<(socket|TCP)[^>]*>.*HTTP/1\.1 201")]
    private static partial Regex Answer();

    [GeneratedRegex(@"p?write(64|v)?\(\d+<[^>]*\.db-wal>")]
    private static partial Regex WriteAhead();

    [GeneratedRegex(@"f(data)?sync\(\d+<[^>]*\.db-wal>")]
    private static partial Regex Sync();

    [GeneratedRegex(@"<\.\.\. f(data)?sync resumed>\)\s*= 0")]
    private static partial Regex SyncResumed();
}
