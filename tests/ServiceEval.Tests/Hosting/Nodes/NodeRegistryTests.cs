using Npgsql;
using ServiceEval.TestDatabases;

namespace ServiceEval.Tests.Hosting.Nodes;

/// <summary>Tests which nodes may serve at the same time.</summary>
public sealed class NodeRegistryTests(Databases databases)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_node_on_an_sqlite_file_is_refused_while_the_first_lives_and_not_after_it_was_killed()
    {
        using var folder = new Folder();
        await using (var first = await new ServiceProcess(folder.Path).ServeAsync())
        {
            var (exitCode, output, errors) = await new ServiceProcess(folder.Path).RunAsync("serve");
            Assert.True(exitCode == 1, output + errors);
            Assert.Equal(2, Lines(errors).Length);
            Assert.Contains("最多等 10 秒", Lines(errors)[0], StringComparison.Ordinal);
            Assert.Contains("SQLite 只能由一个节点使用", Lines(errors)[1], StringComparison.Ordinal);
        }
        await using var next = await new ServiceProcess(folder.Path).ServeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Two_nodes_of_which_one_has_no_redis_are_refused(bool firstHasRedis, bool secondHasRedis)
    {
        using var folder = new Folder();
        var connectionString = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        await using var first = await Node(folder, connectionString, firstHasRedis).ServeAsync();
        var (exitCode, output, errors) = await Node(folder, connectionString, secondHasRedis).RunAsync("serve");
        Assert.True(exitCode == 1, output + errors);
        Assert.Contains("ServiceEval__Redis", Lines(errors)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_machine_without_a_heartbeat_blocks_no_other_node()
    {
        using var folder = new Folder();
        var connectionString = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        await ExecuteAsync(
            connectionString,
            """INSERT INTO "Nodes" ("Machine", "ProcessId", "HasRedis", "Beat", "SeenAt") VALUES ('elsewhere', 1, false, 7, now())"""
        );
        await using var node = await Node(folder, connectionString, hasRedis: false).ServeAsync();
    }

    [Fact]
    public async Task A_schema_is_not_changed_under_a_node_that_serves()
    {
        using var folder = new Folder();
        var connectionString = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        await using var node = await Node(folder, connectionString, hasRedis: false).ServeAsync();
        // Now this program appears to be a later version.
        await ExecuteAsync(
            connectionString,
            """DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_Nodes'"""
        );

        var (exitCode, output, errors) = await Node(folder, connectionString, hasRedis: false).RunAsync("migrate");

        Assert.True(exitCode == 1, output + errors);
        Assert.Contains("请先停掉所有节点", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password=geheim")]
    [InlineData("127.0.0.1:6379,nonsense=geheim")]
    public async Task A_redis_that_cannot_be_read_is_one_sentence_without_its_password(string setting)
    {
        using var folder = new Folder();
        var (exitCode, output, errors) = await new ServiceProcess(folder.Path)
            .With("ServiceEval__Redis", setting)
            .RunAsync("windows");
        Assert.True(exitCode == 1, output + errors);
        var sentence = Assert.Single(Lines(errors));
        Assert.Contains("ServiceEval__Redis", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", sentence, StringComparison.Ordinal);
    }

    private static ServiceProcess Node(Folder folder, string connectionString, bool hasRedis)
    {
        var node = new ServiceProcess(folder.Path)
            .With("ServiceEval__Database", "postgresql")
            .With("ConnectionStrings__ServiceEval", connectionString);
        return hasRedis ? node.With("ServiceEval__Redis", "127.0.0.1:1") : node;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // The SQL is written here.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static string[] Lines(string errors) => errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
