using ServiceEval.Web.Hosting;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Tests which settings <c>migrate</c> requires of a database, and which databases it refuses.</summary>
public sealed class SettingsAskedForTests
{
    [Fact]
    public void A_database_that_is_set_right_is_sent_no_command() =>
        Assert.Empty(DatabaseSettings.Missing(new DatabaseState(true, true, false, 150)));

    [Fact]
    public void Only_the_command_for_a_missing_setting_is_sent()
    {
        Assert.Equal([DatabaseSettings.ReadCommittedSnapshot], DatabaseSettings.Missing(new(false, true, false, 150)));
        Assert.Equal([DatabaseSettings.SnapshotIsolation], DatabaseSettings.Missing(new(true, false, false, 150)));
        Assert.Equal([DatabaseSettings.Durability], DatabaseSettings.Missing(new(true, true, true, 150)));
    }

    [Fact]
    public void A_login_that_may_not_alter_the_database_gets_the_commands_for_its_administrator()
    {
        var sentence = SqlServerEngine.MayNotAlter(DatabaseSettings.Missing(new(false, false, false, 150)));
        Assert.Contains(DatabaseSettings.ReadCommittedSnapshot, sentence, StringComparison.Ordinal);
        Assert.Contains(DatabaseSettings.SnapshotIsolation, sentence, StringComparison.Ordinal);
        Assert.Contains("再运行 migrate", sentence, StringComparison.Ordinal);
    }

    /// <summary>Babelfish returns the bytes of the base64 text itself.</summary>
    [Fact]
    public void An_engine_that_does_not_decode_base64_from_JSON_is_not_SQL_Server()
    {
        Assert.True(EngineProbe.IsRight(new byte[] { 1, 2, 3 }));
        Assert.False(EngineProbe.IsRight("AQID"u8.ToArray()));
        Assert.False(EngineProbe.IsRight(DBNull.Value));
        Assert.False(EngineProbe.IsRight(null));
    }

    /// <summary>The server must report that the lock is taken before the store gives the commit up.</summary>
    [Fact]
    public void A_lock_is_refused_well_before_a_commit_is_given_up() =>
        Assert.InRange(LedgerLock.LockMilliseconds, 500, SqlServerStore.Patience.TotalMilliseconds - 500);
}
