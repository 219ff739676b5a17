using System.Security.Cryptography;
using System.Text.Json;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.TestDatabases;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Upkeep;

/// <summary>Tests the doctor command beside a serving host and on faulty installations.</summary>
public sealed class DoctorTests(Databases databases)
{
    private const string Yesterday = "serviceeval-20200101T000000Z.tar";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_installation_has_no_fault_while_it_serves()
    {
        await using var host = await RatedAsync();
        var (exitCode, checks) = await ExamineAsync(Beside(host));
        Assert.True(exitCode == 0, string.Join('\n', checks));
        Assert.DoesNotContain(checks, c => c.Value.State == "fault");
        Assert.Equal(
            [
                "database",
                "schema",
                "ledger",
                "clock",
                "timeZones",
                "storage",
                "keys",
                "ledgerKey",
                "jobs",
                "backup",
                "nodes",
                "redis",
                "pdf",
            ],
            checks.Keys
        );
    }

    [Fact]
    public async Task Heads_that_nobody_has_kept_yet_are_not_said_to_agree()
    {
        await using var host = await TestHost.StartAsync();
        host.Clock.AdjustTime(TimeProvider.System.GetUtcNow());
        Assert.Contains(
            "还没有区块",
            (await ExamineAsync(Beside(host))).Checks["ledger"].Says,
            StringComparison.Ordinal
        );
        await host.RateAsync();

        var says = (await ExamineAsync(Beside(host))).Checks["ledger"].Says;

        Assert.Contains("还没有链头记录", says, StringComparison.Ordinal);
        Assert.DoesNotContain("一致", says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_writes_nothing()
    {
        await using var host = await RatedAsync();
        await host.StopAsync();
        var before = Fingerprints(host.DataDirectory);
        await ExamineAsync(Beside(host));
        Assert.Equal(before, Fingerprints(host.DataDirectory));
    }

    [Theory]
    [InlineData("timeZones", "UPDATE Halls SET TimeZone = 'Mars/Olympus'")]
    [InlineData("schema", "DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%RunningImports'")]
    [InlineData("schema", "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0')")]
    [InlineData("ledger", "DELETE FROM LedgerHead")]
    [InlineData("ledger", "UPDATE LedgerHead SET Hash = zeroblob(32)")]
    [InlineData("ledger", "UPDATE LedgerBlocks SET Count = Count + 1 WHERE Sequence = 2")]
    [InlineData(
        "ledger",
        "DELETE FROM LedgerBlocks WHERE Sequence = 2; UPDATE LedgerHead SET Sequence = 1, Hash = (SELECT Hash FROM LedgerBlocks)"
    )]
    [InlineData("jobs", "UPDATE TalliesByHour SET LocalDate = 20260105")]
    public async Task What_is_wrong_in_the_database_is_one_checks_fault(string check, string sql)
    {
        await using var host = await RatedAsync();
        await host.RateAsync();
        await host.StopAsync();
        await host.QueryAsync(sql);
        await AssertOnlyFaultAsync(check, Beside(host));
    }

    [Fact]
    public async Task The_database_of_an_earlier_version_is_one_fault_and_other_checks_say_why_they_did_not_run()
    {
        await using var old = await Ledger.LedgerFile.CreateAsync(author: null);
        await old.CommitAsync(Ledger.LedgerFile.Imported(1));
        var head = await old.HeadAsync();
        await File.WriteAllTextAsync(
            Path.Combine(old.Directory, "heads.log"),
            $"2026-11-18T02:00:00Z {head.Sequence}:{Convert.ToHexStringLower(head.Hash)}\n",
            Ct
        );
        await old.MigrateBackAsync();

        var output = (await TestHost.CommandInAsync(old.Directory, "doctor")).Output;

        Assert.Matches("故障\t结构", output);
        Assert.Matches("正常\t账本\t.*heads.log 最近 1 个链头一致", output);
        Assert.Matches("注意\t账本密钥\t没有检查：数据库的结构与本版本不一致", output);
        Assert.DoesNotContain("检查时出错", output, StringComparison.Ordinal);
        Assert.DoesNotContain("no such", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_not_as_it_was_frozen_is_a_fault()
    {
        await using var host = await RatedAsync();
        var week = IsoWeek.Of(TimeProvider.System.GetUtcNow(), TimeZoneInfo.Utc).Previous.Previous.ToString();
        await host.Part<IWriteGate>()
            .WriteAsync(
                (db, ct) =>
                {
                    db.Add(
                        new Report
                        {
                            Scope = "county",
                            Week = week,
                            Version = 1,
                            DataHash = new byte[32],
                            ContentHash = new byte[32],
                            LedgerHash = new byte[32],
                            Json = "x",
                        }
                    );
                    return db.SaveChangesAsync(ct);
                },
                Ct
            );
        await AssertOnlyFaultAsync("jobs", Beside(host));
    }

    [Fact]
    public async Task A_clock_before_the_last_block_is_a_fault()
    {
        await using var host = await RatedAsync();
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.RateAsync();
        await AssertOnlyFaultAsync("clock", Beside(host));
    }

    [Fact]
    public async Task Mail_that_nobody_sends_is_a_fault()
    {
        await using var host = await RatedAsync();
        await host.QueryAsync(
            "INSERT INTO ReportMails (Scope, Week, Version, Recipient, State, Attempts, At, MayBeDouble) VALUES ('county', '2026-W40', 1, 'a@example.gov.cn', 1, 0, 0, 0)"
        );
        await AssertOnlyFaultAsync(
            "jobs",
            Beside(host)
                .With("ServiceEval__Mail__Host", "127.0.0.1")
                .With("ServiceEval__Mail__From", "hcp@example.gov.cn")
                .With("ServiceEval__Mail__Recipients__0__Address", "a@example.gov.cn")
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_that_others_can_read_or_that_are_gone_are_a_fault(bool gone)
    {
        await using var host = await RatedAsync();
        var keys = Path.Combine(host.DataDirectory, "keys", "ticket-keys.json");
        if (gone)
            File.Delete(keys);
        else if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(keys, (UnixFileMode)0b110_100_100);
        await AssertOnlyFaultAsync("keys", Beside(host));
    }

    [Fact]
    public async Task A_backup_that_is_late_or_has_nowhere_to_go_is_a_fault()
    {
        using var folder = new Folder();
        await using var host = await RatedAsync();
        await AssertOnlyFaultAsync(
            "backup",
            Beside(host).With("ServiceEval__Backup__Directory", Path.Combine(folder.Path, "missing"))
        );
        await File.WriteAllTextAsync(Path.Combine(folder.Path, Yesterday), "", Ct);
        await AssertOnlyFaultAsync("backup", Beside(host).With("ServiceEval__Backup__Directory", folder.Path));
        await BackingUpTests.SayAsync(
            host.DataDirectory,
            "backup",
            Path.Combine(folder.Path, $"serviceeval-{TimeProvider.System.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.tar")
        );
        Assert.Equal(
            0,
            (await ExamineAsync(Beside(host).With("ServiceEval__Backup__Directory", folder.Path))).ExitCode
        );
    }

    [Fact]
    public async Task An_account_that_may_not_see_the_keys_is_told_so()
    {
        await using var host = await RatedAsync();
        var keys = Path.Combine(host.DataDirectory, "keys");
        await OutsideTool.TryAsync("chmod", "700", keys);
        if (await OutsideTool.TryAsync("chown", "65534", keys) is { } why)
            Assert.Skip($"Only root can give files to another account: {why}");
        // Without these capabilities root is an ordinary account.
        await using var doctor = ProgramRun.StartFile(
            "/",
            "setpriv",
            ["--bounding-set=-dac_override,-dac_read_search", "dotnet", ServiceProcess.AssemblyOf("doctor"), "doctor"],
            ("ServiceEval__DataDirectory", host.DataDirectory)
        );

        Assert.Equal(1, await doctor.ExitAsync());
        Assert.Contains(
            "票据密钥\t密钥文件读不了：没有权限。请用服务的账号运行",
            doctor.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Access", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_was_asked_for_and_is_missing_is_a_fault()
    {
        await using var host = await RatedAsync();
        await AssertOnlyFaultAsync("pdf", Beside(host).With("ServiceEval__Browser", "/nowhere/at/all"));
    }

    [Fact]
    public async Task Data_in_memory_are_a_fault()
    {
        await using var disk = await SmallDisk.MountAsync();
        var program = new ServiceProcess(disk.Root).With("ASPNETCORE_ENVIRONMENT", "Production");
        await BackingUpTests.SayAsync(disk.Root, "migrate");
        Assert.Matches("fault: .*tmpfs", (await ExamineAsync(program)).Checks["storage"].Says);
        // The disk also has too little space. That is a fault even for a demonstration.
        await BackingUpTests.SayAsync(disk.Root, "seed", "minimal");
        Assert.Matches("fault: .* MB", (await ExamineAsync(program)).Checks["storage"].Says);
        Assert.Matches("warning: .*tmpfs", (await ExamineAsync(program)).Checks["storage"].Says);
    }

    [Fact]
    public async Task A_damaged_database_is_one_checks_fault_and_the_others_are_made()
    {
        await using var host = await RatedAsync();
        await host.StopAsync();
        await using (var file = new FileStream(host.DatabasePath, FileMode.Open, FileAccess.Write))
        {
            file.Position = 100;
            file.Write(Enumerable.Repeat((byte)0x5a, (int)file.Length - 100).ToArray());
        }
        await AssertOnlyFaultAsync("database", Beside(host));
    }

    [Fact]
    public async Task Without_a_database_it_says_so_and_makes_none()
    {
        using var folder = new Folder();
        await AssertOnlyFaultAsync("database", new ServiceProcess(folder.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    /// <summary>The output has one line for each check, and beside each fault the remedy.</summary>
    [Fact]
    public async Task The_output_for_people_has_one_line_for_each_check()
    {
        await using var host = await RatedAsync();
        await host.QueryAsync("UPDATE Halls SET TimeZone = 'Mars/Olympus'");
        var (exitCode, output, errors) = await Beside(host).RunAsync("doctor");
        Assert.True(exitCode == 1, output + errors);
        Assert.Equal(13, output.TrimEnd().Split('\n').Length);
        Assert.Contains(
            "请安装系统的时区数据",
            Assert.Single(output.Split('\n'), line => line.StartsWith("故障", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task On_PostgreSQL_the_native_command_is_named_without_the_password_and_settings_are_looked_at()
    {
        using var folder = new Folder();
        var connectionString = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        var database = new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;
        ServiceProcess Program() =>
            new ServiceProcess(folder.Path)
                .With("ServiceEval__Database", "postgresql")
                .With("ConnectionStrings__ServiceEval", $"{connectionString};Password=a-secret");

        var (exitCode, output, errors) = await Program().RunAsync("backup", Path.Combine(folder.Path, "backup.tar"));
        Assert.True(exitCode == 1, output + errors);
        Assert.Matches($"pg_dump -Fc .* -d {database} ", errors);
        Assert.DoesNotContain("a-secret", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));

        // The tests' own server does not sync, so the doctor must find this fault.
        (exitCode, var checks) = await ExamineAsync(Program());
        Assert.Equal(1, exitCode);
        Assert.Equal(["database"], checks.Where(c => c.Value.State == "fault").Select(c => c.Key));
        Assert.Contains("fsync 是 off", checks["database"].Says, StringComparison.Ordinal);
        Assert.DoesNotContain("synchronous_commit", checks["database"].Says, StringComparison.Ordinal);
        Assert.Contains("没有见过备份", checks["backup"].Says, StringComparison.Ordinal);

        await using (var connection = new Npgsql.NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync(Ct);
            await using var command = new Npgsql.NpgsqlCommand(
                $"ALTER DATABASE {database} SET synchronous_commit = off",
                connection
            );
            await command.ExecuteNonQueryAsync(Ct);
        }
        using var dumps = new Folder();
        var dump = Path.Combine(dumps.Path, "serviceeval.dump");
        // A failed dump leaves an empty file.
        await File.WriteAllTextAsync(dump, "", Ct);
        Assert.Equal(
            "fault",
            (await ExamineAsync(Program().With("ServiceEval__Backup__Directory", dumps.Path))).Checks["backup"].State
        );
        await File.WriteAllTextAsync(dump, "PGDMP", Ct);
        checks = (await ExamineAsync(Program().With("ServiceEval__Backup__Directory", dumps.Path))).Checks;
        Assert.Contains("synchronous_commit 是 off", checks["database"].Says, StringComparison.Ordinal);
        Assert.NotEqual("fault", checks["backup"].State);
        Assert.DoesNotContain("没有见过备份", checks["backup"].Says, StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(dump, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        checks = (await ExamineAsync(Program().With("ServiceEval__Backup__Directory", dumps.Path))).Checks;
        Assert.Equal("fault", checks["backup"].State);
        Assert.Contains("2020-01-01", checks["backup"].Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_checks_fault()
    {
        using var folder = new Folder();
        var program = new ServiceProcess(folder.Path)
            .With("ServiceEval__Database", "postgresql")
            .With("ConnectionStrings__ServiceEval", "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=a-secret");
        await AssertOnlyFaultAsync("database", program);
    }

    /// <summary>
    /// Returns a host with a rating of today by the machine's clock, because the command uses only this clock.
    /// </summary>
    private static async Task<TestHost> RatedAsync()
    {
        var host = await TestHost.StartAsync();
        host.Clock.AdjustTime(TimeProvider.System.GetUtcNow());
        await host.RateAsync();
        return host;
    }

    private static ServiceProcess Beside(TestHost host) => new(host.DataDirectory);

    private static async Task AssertOnlyFaultAsync(string check, ServiceProcess program)
    {
        var (exitCode, checks) = await ExamineAsync(program);
        Assert.True(exitCode == 1, string.Join('\n', checks));
        Assert.Equal([check], checks.Where(c => c.Value.State == "fault").Select(c => c.Key));
    }

    private static async Task<(int ExitCode, Dictionary<string, (string State, string Says)> Checks)> ExamineAsync(
        ServiceProcess program
    )
    {
        var (exitCode, output, errors) = await program.RunAsync("doctor", "--json");
        Assert.True(output.Length > 0, errors);
        using var diagnosis = JsonDocument.Parse(output);
        Assert.Equal(exitCode == 0, diagnosis.RootElement.GetProperty("ok").GetBoolean());
        var checks = diagnosis.RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.All(checks, check => Assert.NotEmpty(check.GetProperty("findings").EnumerateArray()));
        return (
            exitCode,
            checks.ToDictionary(
                c => c.GetProperty("name").GetString()!,
                c =>
                    (
                        c.GetProperty("state").GetString()!,
                        string.Join(
                            '\n',
                            c.GetProperty("findings")
                                .EnumerateArray()
                                .Select(f => $"{f.GetProperty("state")}: {f.GetProperty("what")}")
                        )
                    )
            )
        );
    }

    private static IReadOnlyList<string> Fingerprints(string directory) =>
        [
            .. Directory
                .EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path =>
                    Directory.Exists(path)
                        ? path
                        : $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"
                ),
        ];
}
