namespace ServiceEval.SqlServer.Tests;

/// <summary>The check itself: what is broken is found.</summary>
public sealed class BrokenStatementTests
{
    [Theory]
    [InlineData("SELECT [Id] FROM [Ratings] WHERE [Id] = @id")]
    [InlineData("SELECT s.[Id] FROM OPENJSON(@json) WITH ([Id] varbinary(16) '$[0]') AS s INNER LOOP JOIN [Ratings] AS r WITH (READCOMMITTEDLOCK) ON r.[Id] = CONVERT(binary(16), s.[Id])")]
    public void A_sound_statement_has_no_fault(string sql) => Assert.Empty(Faults(sql));

    [Theory]
    [InlineData("SELECT [Idd] FROM [Ratings]")]
    [InlineData("SELECT [Id] FROM [Rating]")]
    [InlineData("SELECT r.[Id], x.[Id] FROM [Ratings] AS r")]
    [InlineData("SELECT [Id] FROM [Ratings] WHERE [Id] = @other")]
    [InlineData("SELECT [Id] FRO [Ratings]")]
    [InlineData("SELECT [Id] FROM [Ratings] LIMIT 1")]
    [InlineData("INSERT INTO [Ratings] ([Id], [Nothing]) VALUES (@id, 1)")]
    [InlineData("UPDATE t SET t.[Nothing] = 1 FROM [TalliesByTag] AS t")]
    [InlineData("SELECT s.[Other] FROM OPENJSON(@json) WITH ([Id] varbinary(16) '$[0]') AS s")]
    [InlineData("DELETE FROM [Ratings] WHERE [Nothing] = 1")]
    [InlineData("SELECT \"Nothing\" FROM \"Ratings\"")]
    public void A_broken_statement_has_one(string sql) => Assert.NotEmpty(Faults(sql));

    private static IReadOnlyList<string> Faults(string sql) => MigratedSchema.FaultsOf([new Captured(sql, "@id binary(16), @json nvarchar(max)", new Site("here", 1))]);
}
