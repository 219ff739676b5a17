using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class TailsTests
{
    /// <summary>Computed apart with mpmath 30 digits; 1.96 is the textbook's 5 %.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.31731050786291)]
    [InlineData(-1.96, 0.049995790296441)]
    [InlineData(3, 0.0026997960632602)]
    [InlineData(5, 5.7330314375839e-7)]
    [InlineData(8, 1.2441921148544e-15)]
    public void The_normal_tail_is_that_of_the_tables(double z, double p) => Assert.Equal(1, Tails.Normal(z) / p, 1e-9);

    /// <summary>Critical values of the NIST/SEMATECH e-Handbook, 1.3.6.7.4, at 5 % and 0.1 %; their tails and the last two by mpmath.</summary>
    [Theory]
    [InlineData(3.841, 1, 0.050013683763957)]
    [InlineData(18.307, 10, 0.050000589091398)]
    [InlineData(124.342, 100, 0.050000715769972)]
    [InlineData(10.828, 1, 0.00099976571958309)]
    [InlineData(29.588, 10, 0.0010001119410635)]
    [InlineData(0.5, 7, 0.99944648139042)]
    [InlineData(250, 30, 1.5157414203687e-36)]
    public void The_chi_squared_tail_is_that_of_the_tables(double x, int freedom, double p) =>
        Assert.Equal(1, Tails.ChiSquared(x, freedom) / p, 1e-9);

    [Fact]
    public void Nothing_to_differ_from_is_no_difference()
    {
        Assert.Equal(1, Tails.ChiSquared(0, 0));
        Assert.Equal(1, Tails.ChiSquared(0, 12));
    }
}
