using Microsoft.Data.SqlClient;

namespace ServiceEval.SqlServer.Tests;

public sealed class ConnectionStringsTests
{
    private const string Given = "Server=127.0.0.1;Database=x";

    [Fact]
    public void The_stores_sessions_keep_their_transaction_between_two_batches() =>
        Assert.False(
            new SqlConnectionStringBuilder(
                ConnectionStrings.OfStore($"{Given};MultipleActiveResultSets=True")
            ).MultipleActiveResultSets
        );

    [Fact]
    public void A_broken_session_of_the_store_is_not_replaced_unseen() =>
        Assert.Equal(0, new SqlConnectionStringBuilder(ConnectionStrings.OfStore(Given)).ConnectRetryCount);

    [Fact]
    public void No_refusal_is_remembered_and_a_server_is_not_waited_for_long() =>
        Assert.All(
            All(Given),
            s => Assert.Equal((PoolBlockingPeriod.NeverBlock, 2), (s.PoolBlockingPeriod, s.ConnectTimeout))
        );

    /// <summary>In a shared session the isolation level of one would apply to the other.</summary>
    [Fact]
    public void The_store_and_what_reads_one_moment_have_sessions_of_their_own() =>
        Assert.Equal(
            3,
            (
                (string[])
                    [
                        ConnectionStrings.Complete(Given),
                        ConnectionStrings.OfStore(Given),
                        ConnectionStrings.OfSnapshots(Given),
                    ]
            )
                .Distinct()
                .Count()
        );

    // 15 seconds is the driver's default. If the connection string has this value, it stays too.
    [Theory]
    [InlineData(7)]
    [InlineData(15)]
    public void What_the_installation_says_itself_stays(int seconds) =>
        Assert.All(
            All($"{Given};Connect Timeout={seconds};Application Name=Hall;Encrypt=Strict"),
            s =>
            {
                Assert.Equal((seconds, SqlConnectionEncryptOption.Strict), (s.ConnectTimeout, s.Encrypt));
                Assert.StartsWith("Hall", s.ApplicationName, StringComparison.Ordinal);
            }
        );

    private static IEnumerable<SqlConnectionStringBuilder> All(string given) =>
        (
            (string[])
                [
                    ConnectionStrings.Complete(given),
                    ConnectionStrings.OfStore(given),
                    ConnectionStrings.Unpooled(given),
                    ConnectionStrings.OfSnapshots(given),
                ]
        ).Select(s => new SqlConnectionStringBuilder(s));
}
