namespace ServiceEval.Simulator;

/// <summary>The timing of a clerk who stuffs the best grade: 8 to 20 ratings in a row, a few seconds apart.</summary>
internal static class Stuffing
{
    private const int FewestOfBurst = 8;
    private const int MostOfBurst = 20;

    /// <summary>Returns the seconds between one rating and the next. A whole burst lasts at most two minutes.</summary>
    public static IEnumerable<int> Gaps(Random random) =>
        Enumerable.Range(0, random.Next(FewestOfBurst, MostOfBurst + 1)).Select(_ => random.Next(2, 7));
}
