namespace ServiceEval.Web.Features.Simulation;

/// <summary>How a clerk stuffs the best grade: many in a row, a few seconds apart.</summary>
internal static class Stuffing
{
    private const int FewestOfBurst = 8;
    private const int MostOfBurst = 20;

    /// <summary>The seconds from one to the next; the whole lasts two minutes at most.</summary>
    public static IEnumerable<int> Gaps(Random random) =>
        Enumerable.Range(0, random.Next(FewestOfBurst, MostOfBurst + 1)).Select(_ => random.Next(2, 7));
}
