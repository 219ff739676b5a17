using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Places;

/// <summary>A text longer than its column must be refused, and a text that fits must be accepted.</summary>
public sealed class SeedLengthTests
{
    public static TheoryData<string, Type> Files =>
        new()
        {
            { nameof(SeedColumns.Departments), typeof(Department) },
            { nameof(SeedColumns.Halls), typeof(Hall) },
            { nameof(SeedColumns.Windows), typeof(Window) },
            { nameof(SeedColumns.Items), typeof(ServiceItem) },
            { nameof(SeedColumns.LocalTags), typeof(Tag) },
            { nameof(SeedColumns.NationalTags), typeof(Tag) },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_set_has_the_lengths_of_the_database(string file, Type entity)
    {
        var columns = (IReadOnlyList<SeedColumn>)typeof(SeedColumns).GetField(file)!.GetValue(null)!;
        using var db = new ServiceEval.Sqlite.DesignTimeFactory().CreateDbContext([]);
        var properties = db.Model.FindEntityType(entity)!.GetProperties().Where(p => p.GetMaxLength() is not null);
        var bounded = properties
            .Join(columns, p => p.Name, c => c.Name, (p, c) => (p, c), StringComparer.OrdinalIgnoreCase)
            .ToList();
        Assert.NotEmpty(bounded);

        foreach (var (property, column) in bounded)
        {
            var most = property.GetMaxLength()!.Value;
            Assert.True(
                column.FaultOf(new string('字', most + 1)) is not null,
                $"{column.Name} takes more than {most}"
            );
            // Codes and texts with a fixed form have their own rules.
            if (property.Name is "Name" or "ShortName" or "Address" or "Text" or "TextEn")
                Assert.True(column.FaultOf(new string('字', most)) is null, $"{column.Name} does not take {most}");
        }
    }

    [Fact]
    public void A_sets_title_has_the_length_of_the_databases()
    {
        using var set = new OwnSet();
        set.Replace("set.json", "示例县", new string('县', Installation.MaxTitle + 1));

        var mistake = Assert.Single(SeedSet.Check(set.Name, TestContext.Current.CancellationToken).Mistakes);
        Assert.Contains($"最多 {Installation.MaxTitle} 个", mistake.ToString(), StringComparison.Ordinal);
    }
}
