using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Tests the check itself: it must find a broken statement.</summary>
public sealed class BrokenStatementTests
{
    [Theory]
    [InlineData("SELECT [Id] FROM [Ratings] WHERE [Id] = @id")]
    [InlineData(
        "SELECT s.[Id] FROM OPENJSON(@json) WITH ([Id] varbinary(max) '$[0]') AS s INNER LOOP JOIN [Ratings] AS r WITH (READCOMMITTEDLOCK) ON r.[Id] = CONVERT(binary(16), s.[Id])"
    )]
    public void A_sound_statement_has_no_fault(string sql) => Assert.Empty(Faults(sql));

    [Theory]
    [InlineData("SELECT [Idd] FROM [Ratings]")]
    [InlineData("SELECT [Id] FROM [Rating]")]
    [InlineData("SELECT r.[Id], x.[Id] FROM [Ratings] AS r")]
    [InlineData("SELECT [Id] FROM [Ratings] WHERE [Id] = @other")]
    [InlineData("SELECT [Id] FRO [Ratings]")]
    [InlineData("SELECT STRPOS([Tags], N'2') FROM [RatingDetails]")]
    [InlineData("SELECT [Id] FROM [Ratings] LIMIT 1")]
    [InlineData("INSERT INTO [Ratings] ([Id], [Nothing]) VALUES (@id, 1)")]
    [InlineData("UPDATE t SET t.[Nothing] = 1 FROM [TalliesByTag] AS t")]
    [InlineData("SELECT s.[Other] FROM OPENJSON(@json) WITH ([Id] varbinary(max) '$[0]') AS s")]
    [InlineData("DELETE FROM [Ratings] WHERE [Nothing] = 1")]
    [InlineData("SELECT \"Nothing\" FROM \"Ratings\"")]
    [InlineData("EXEC sp_executesql N'SELECT [Nothing] FROM [Ratings] WHERE [Id] = @id', N'@id binary(16)', 0x00")]
    [InlineData("EXEC sp_executesql N'SELECT [Id] FROM [Ratings] WHERE [Id] = @other', N'@id binary(16)', 0x00")]
    [InlineData("EXEC (N'SELECT [Nothing] FROM [Ratings]')")]
    public void A_broken_statement_has_a_fault(string sql) => Assert.NotEmpty(Faults(sql));

    [Fact]
    public void A_query_that_cannot_be_translated_for_SQL_Server_fails_at_its_place()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite("Data Source=:memory:");
        using var db = new ServiceEvalDb(options.Options);
        var mirror = new Mirror();
        mirror.Ask(db.Ratings.Where(r => r.Grade == Grade.Satisfied).Expression);
        Assert.Throws<InvalidOperationException>(() =>
            mirror.Ask(db.Ratings.Where(r => r.Grade.IsDefined()).Expression)
        );
        Assert.Contains("[Grade] = CAST(2 AS tinyint)", Assert.Single(mirror.Captured).Sql, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Faults(string sql) =>
        MigratedSchema.FaultsOf([new Captured(sql, "@id binary(16), @json nvarchar(max)", new Site("here", 1))]);
}
