using ServiceEval.Core.Ledger;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

public sealed class EntryKindTests
{
    [Fact]
    public void Every_entity_that_a_block_commits_to_is_in_the_catalogue() =>
        Assert.Equal(
            typeof(EntryKind)
                .Assembly.GetTypes()
                .Where(t => t.IsClass && t.IsAssignableTo(typeof(ILedgerEntry)))
                .Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            EntryKind.All.Select(kind => kind.Accept(new RowType())).OrderBy(t => t.Name, StringComparer.Ordinal)
        );

    [Fact]
    public void Every_kind_of_entry_has_its_own_number_and_table_and_says_what_makes_it_lawful()
    {
        Assert.Equal(EntryKind.All.Count, EntryKind.All.Select(kind => kind.Number).Distinct().Count());
        Assert.Equal(EntryKind.All.Count, EntryKind.All.Select(kind => kind.Table).Distinct().Count());
        Assert.All(EntryKind.All, kind => Assert.NotNull(EntryRules.Of(kind)));
    }

    /// <summary>A column that is missing in a list would be neither written nor verified.</summary>
    [Fact]
    public async Task The_columns_of_every_kind_are_all_columns_of_its_table()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        foreach (var kind in EntryKind.All)
        {
            var stored = await file.QueryAsync($"SELECT name FROM pragma_table_info('{kind.Table}')");
            Assert.Equal(
                stored.Select(row => (string)row[0]).Order(StringComparer.Ordinal),
                kind.Accept(new ColumnNames()).Order(StringComparer.Ordinal)
            );
        }
    }

    private sealed class RowType : IEntryKindVisitor<Type>
    {
        public Type Visit<TRow>(EntryKind<TRow> kind)
            where TRow : class, ILedgerEntry => typeof(TRow);
    }

    private sealed class ColumnNames : IEntryKindVisitor<IEnumerable<string>>
    {
        public IEnumerable<string> Visit<TRow>(EntryKind<TRow> kind)
            where TRow : class, ILedgerEntry => kind.Rows.Columns.Select(c => c.Name);
    }
}
