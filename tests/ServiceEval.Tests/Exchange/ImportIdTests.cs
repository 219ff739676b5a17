using ServiceEval.Web.Features.Exchange;

namespace ServiceEval.Tests.Exchange;

public sealed class ImportIdTests
{
    /// <summary>Rows that were imported before an upgrade must be found again after it.</summary>
    [Theory]
    [InlineData("old", "A-1", "9b6a6a64-c5a4-83e0-96bb-cfba5b7a71cb")]
    [InlineData("old", "办件20250001", "d34926c0-acc3-84a9-a622-cd6d85113a3b")]
    public void An_id_is_the_same_in_every_version(string source, string externalId, string id) =>
        Assert.Equal(id, ImportId.Of(source, externalId).ToString());

    [Fact]
    public void An_id_is_a_version_8_UUID_of_the_standard_variant()
    {
        var id = ImportId.Of("old", "A-1");
        Assert.Equal((8, 0x8), (id.Version, id.Variant & 0xC));
    }

    [Fact]
    public void Rows_with_similar_external_ids_get_neighbouring_ids_without_collisions()
    {
        var ids = Enumerable.Range(0, 10_000).Select(i => ImportId.Of("old", $"HCP-{i:D7}")).ToList();
        Assert.Equal(10_000, ids.Distinct().Count());
        Assert.Equal(10, ids.Select(id => id.ToString()[..13]).Distinct().Count());
    }

    [Fact]
    public void Source_and_external_id_do_not_run_together() =>
        Assert.Equal(
            4,
            new[] { ("old", "A-1"), ("ol", "dA-1"), ("old", ""), ("old-", "A-1") }
                .Select(p => ImportId.Of(p.Item1, p.Item2))
                .Distinct()
                .Count()
        );
}
