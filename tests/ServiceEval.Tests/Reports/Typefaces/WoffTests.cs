using CsCheck;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Tests.Reports.Typefaces;

public sealed class WoffTests
{
    private static readonly Gen<byte[]> Tables = Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte[0, 1].Array[0, 2000]);

    [Fact]
    public void Tables_come_out_of_a_file_as_they_went_in() =>
        Gen.Select(Gen.Char['a', 'z'].Array[4].Select(c => new string(c)), Tables)
            .Array[0, 8]
            .Sample(
                given =>
                {
                    var tables = given.DistinctBy(t => t.Item1).ToDictionary(t => t.Item1, t => t.Item2);

                    var read = WoffFile.Read(Woff.Of(tables));

                    Assert.Equal(tables.Keys.Order(StringComparer.Ordinal), read.Keys);
                    Assert.All(tables, t => Assert.Equal(t.Value, read[t.Key]));
                },
                iter: 500
            );

    [Fact]
    public void A_table_that_repeats_itself_is_packed_and_a_tiny_one_is_stored()
    {
        var woff = Woff.Of(new Dictionary<string, byte[]> { ["long"] = new byte[10_000], ["tiny"] = [1, 2, 3] });

        Assert.InRange(woff.Length, 44 + 2 * 20, 200);
        Assert.Equal([1, 2, 3], WoffFile.Read(woff)["tiny"]);
    }
}
