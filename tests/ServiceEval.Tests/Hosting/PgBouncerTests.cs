using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Npgsql;
using ServiceEval.PostgreSql;
using ServiceEval.TestDatabases;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Hosting;

/// <summary>
/// A real PgBouncer stands between the host and the database, in each of its modes. Either a rating can be given, or
/// the start says why not.
/// </summary>
public sealed class PgBouncerTests(Databases databases)
{
    private const string Program = "/usr/sbin/pgbouncer";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("transaction", "ignore_startup_parameters = extra_float_digits")]
    [InlineData("transaction", "ignore_startup_parameters = extra_float_digits, options")]
    [InlineData("transaction", "server_round_robin = 1")]
    [InlineData("statement", "")]
    public async Task Sessions_that_are_lent_for_a_transaction_end_the_start_in_one_sentence(string mode, string more)
    {
        using var folder = new Folder();
        var direct = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        await using var bouncer = await Bouncer.StartAsync(folder, direct, mode, more);

        var (exitCode, output, errors) = await Node(folder, bouncer.ConnectionString).RunAsync("serve");

        Assert.True(exitCode == 1, output + errors);
        Assert.Contains(
            "连接池",
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task In_session_mode_ratings_are_stored_and_as_durably_as_without()
    {
        using var folder = new Folder();
        var direct = await (await databases.PostgreSqlAsync()).CreateBareDatabaseAsync();
        await using (var database = new NpgsqlConnection(direct))
        {
            await database.OpenAsync(Ct);
            await using var careless = new NpgsqlCommand(
                $"ALTER DATABASE {database.Database} SET synchronous_commit = off",
                database
            );
            await careless.ExecuteNonQueryAsync(Ct);
        }
        await using var bouncer = await Bouncer.StartAsync(folder, direct, "session", "");
        foreach (
            var verb in (string[][])
                [
                    ["migrate"],
                    ["seed", "minimal"],
                ]
        )
        {
            var (exitCode, output, errors) = await Node(folder, bouncer.ConnectionString).RunAsync(verb);
            Assert.True(exitCode == 0, output + errors);
        }
        var (_, windows, _) = await Node(folder, bouncer.ConnectionString).RunAsync("windows", "--json");
        var windowCode = System.Text.Json.JsonDocument.Parse(windows).RootElement[0].GetProperty("code").GetString()!;

        await using var serving = await Node(folder, bouncer.ConnectionString).ServeAsync();
        for (var i = 0; i < 5; i++)
        {
            using var issued = await serving.Client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
            var ticket = await TestHost.ReadAsync<TicketResponse>(issued, HttpStatusCode.Created);
            using var given = await serving.Client.PostAsJsonAsync(
                "/api/v1/ratings",
                new { ticket = ticket.Ticket, grade = "satisfied" },
                Ct
            );
            await TestHost.ReadAsync<RatingResponse>(given, HttpStatusCode.Created);
        }
        Assert.Equal(HttpStatusCode.OK, (await serving.Client.GetAsync("/healthz/ready", Ct)).StatusCode);
        Assert.Equal("on", await SettingAsync(bouncer.ConnectionString));
    }

    [Fact]
    public async Task A_session_without_what_it_was_asked_for_is_named()
    {
        var connectionString = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        await using var store = new PostgreSqlStore(connectionString, author: null, TimeProvider.System);
        Assert.Null(await store.FindFaultAsync(Ct));

        // This simulates a pooler that resets the session.
        await using var source = StoreSession.Source(connectionString);
        await using (var connection = await source.OpenConnectionAsync(Ct))
        await using (var reset = new NpgsqlCommand("SET synchronous_commit = off", connection))
            await reset.ExecuteNonQueryAsync(Ct);

        Assert.Equal(
            new SessionFault("synchronous_commit", "on", "off"),
            await StoreSession.FindFaultAsync(source, Ct)
        );
    }

    private static async Task<string> SettingAsync(string connectionString)
    {
        await using var source = StoreSession.Source(connectionString);
        await using var connection = await source.OpenConnectionAsync(Ct);
        await using var show = new NpgsqlCommand("SHOW synchronous_commit", connection);
        return (string)(await show.ExecuteScalarAsync(Ct))!;
    }

    private static ServiceProcess Node(Folder folder, string connectionString) =>
        new ServiceProcess(folder.Path)
            .With("ServiceEval__Database", "postgresql")
            .With("ConnectionStrings__ServiceEval", connectionString);

    /// <summary>A PgBouncer on loopback for one database. It is killed when it is disposed.</summary>
    private sealed class Bouncer(Process process, string connectionString) : IAsyncDisposable
    {
        public string ConnectionString => connectionString;

        public static async Task<Bouncer> StartAsync(Folder folder, string direct, string mode, string more)
        {
            if (!File.Exists(Program))
                Assert.Skip("PgBouncer is not on this machine: ./test.sh installs it.");
            var (to, port) = (new NpgsqlConnectionStringBuilder(direct), ProgramRun.FreePort());
            var configuration = Path.Combine(folder.Path, "pgbouncer.ini");
            var users = Path.Combine(folder.Path, "users.txt");
            await File.WriteAllTextAsync(users, $"\"{to.Username}\" \"\"\n", Ct);
            await File.WriteAllTextAsync(
                configuration,
                $"""
                [databases]
                {to.Database} = host={to.Host} port={to.Port} dbname={to.Database}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = trust
                auth_file = {users}
                pool_mode = {mode}
                default_pool_size = 40
                {more}
                """,
                Ct
            );
            if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            {
                // PgBouncer refuses to run as root.
                File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
                foreach (var file in (string[])[configuration, users])
                    File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
            }
            string[] command = Environment.IsPrivilegedProcess
                ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Program, configuration]
                : [Program, configuration];
            var process = Process.Start(
                new ProcessStartInfo(command[0], command[1..])
                {
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!;
            var said = process.StandardError.ReadToEndAsync(CancellationToken.None);
            while (!await AnswersAsync(port))
            {
                if (process.HasExited)
                    Assert.Fail(await said);
                await Task.Delay(50, Ct);
            }
            to.Host = "127.0.0.1";
            to.Port = port;
            return new Bouncer(process, to.ToString());
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        private static async Task<bool> AnswersAsync(int port)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, Ct);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
