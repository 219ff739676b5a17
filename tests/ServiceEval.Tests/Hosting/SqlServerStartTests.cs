using ServiceEval.Core;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Hosting;

/// <summary>Tests messages to the operator that need no server.</summary>
public sealed class SqlServerStartTests
{
    [Theory]
    [InlineData("windows")]
    [InlineData("verify")]
    [InlineData("migrate")]
    public async Task A_server_that_is_not_there_is_one_sentence(string verb)
    {
        using var folder = new Folder();
        var (exitCode, output, errors) = await new ServiceProcess(folder.Path)
            .With("ServiceEval__Database", "sqlserver")
            .With(
                "ConnectionStrings__ServiceEval",
                "Server=127.0.0.1,1;Database=x;User ID=x;Password=secret;TrustServerCertificate=True"
            )
            .RunAsync(verb);
        Assert.True(exitCode == 1, output + errors);
        var sentence = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("连不上 SQL Server", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Data Source=/var/lib/serviceeval/serviceeval.db")]
    [InlineData("Server=127.0.0.1;User ID=x;Password=secret")]
    [InlineData("Host=127.0.0.1;Database=x;Username=x;Password=secret")]
    [InlineData("Server=127.0.0.1;Database=x;Connect Timeout=soon;Password=secret")]
    [InlineData("Server=127.0.0.1;Database=x;Encrypt=maybe;Password=secret")]
    public void A_connection_string_of_another_database_or_without_a_database_is_refused_with_an_example(
        string? configured
    )
    {
        var refused = Assert.Throws<OperatorException>(() => SqlServerEngine.ConnectionString(configured));
        Assert.Contains("Server=127.0.0.1;Database=serviceeval", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Server=127.0.0.1;Database=x;Integrated Security=True")]
    [InlineData("Data Source=tcp:db.example,1433;Initial Catalog=x;User ID=x;Password=x;MultipleActiveResultSets=True")]
    public void A_connection_string_stays_as_it_was_written(string configured) =>
        Assert.Equal(configured, SqlServerEngine.ConnectionString(configured));

    [Theory]
    [InlineData(18456, 14, "用户名或口令")]
    [InlineData(4060, 11, "没有这个数据库")]
    [InlineData(229, 14, "权限不够")]
    [InlineData(262, 14, "权限不够")]
    [InlineData(1105, 17, "磁盘或日志已满")]
    [InlineData(9002, 17, "磁盘或日志已满")]
    [InlineData(1222, 16, "被别的程序占用")]
    [InlineData(1205, 13, "被别的程序占用")]
    [InlineData(3906, 16, "只读")]
    [InlineData(3952, 16, "migrate")]
    [InlineData(6005, 14, "启动、恢复或停止")]
    [InlineData(824, 24, "损坏")]
    [InlineData(-2, 11, "没有及时回应")]
    [InlineData(0, 20, "连不上")]
    [InlineData(10061, 20, "连不上")]
    [InlineData(10054, 20, "连不上")]
    [InlineData(2627, 14, "2627")]
    public void What_the_server_says_is_a_sentence_that_somebody_can_act_on(int number, byte severity, string expected)
    {
        var sentence = SqlServerEngine.SentenceOn(number, severity, "said");
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.Contains("said", sentence, StringComparison.Ordinal);
        Assert.EndsWith("。", sentence, StringComparison.Ordinal);
    }
}
