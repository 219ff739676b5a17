using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// The database compares these columns by their bytes, so a context must compare them in the same way.
/// </summary>
public sealed class KeyTextsTests
{
    private static ServiceEvalDb NewContext()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlServer("Server=127.0.0.1,1;Database=x");
        return new ServiceEvalDb(options.Options);
    }

    [Fact]
    public void Every_text_of_a_key_or_an_index_is_told_from_the_same_text_in_another_case()
    {
        using var db = NewContext();
        var texts = db
            .Model.GetEntityTypes()
            .SelectMany(e => e.GetProperties())
            .Where(p => p.ClrType == typeof(string) && (p.IsKey() || p.IsIndex() || p.IsForeignKey()))
            .ToList();
        Assert.NotEmpty(texts);
        Assert.All(
            texts,
            p => Assert.False(p.GetKeyValueComparer().Equals("a", "A"), $"{p.DeclaringType.Name}.{p.Name}")
        );
    }

    [Fact]
    public void Two_tags_whose_codes_differ_only_in_case_are_two_rows_of_one_context()
    {
        using var db = NewContext();
        db.AddRange(NewTag("l1"), NewTag("L1"));
        Assert.Equal(2, db.ChangeTracker.Entries<Tag>().Count());
    }

    private static Tag NewTag(string code) =>
        new()
        {
            Code = code,
            Text = code,
            TextEn = code,
            Grade = Grade.Satisfied,
        };
}
