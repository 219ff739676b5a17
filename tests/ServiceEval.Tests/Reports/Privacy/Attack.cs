using ServiceEval.Data.Halls;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>An attacker with every report of every scope, week and version, who knows of each rating all but the grade.</summary>
internal static class Attack
{
    /// <returns>The groups of fewer ratings than a cohort whose grades the reports give away.</returns>
    public static IReadOnlyDictionary<string, int> Run(
        IReadOnlyList<(WeeklyReport Report, IReadOnlyList<Voter> Known)> published, DirectorySnapshot directory, int cohort, int trials, bool explain = false)
    {
        var attacker = new Attacker<string>(cohort, trials);
        var voters = published.SelectMany(p => p.Known).Distinct(ReferenceEqualityComparer.Instance).Cast<Voter>().ToList();
        var figures = published.SelectMany(p => Figures.Of(p.Report, p.Known, directory)).Where(f => f.Of.Count > 0).ToList();
        var found = attacker.Groups([.. figures.Select(f => f.Of.Select(v => v.Known.ToString()).ToHashSet())], voters.CountBy(v => v.Known.ToString()).ToDictionary(),
            explain ? [.. figures.Select(f => f.Name)] : null);
        return found.Concat(Tags(published, cohort, trials)).GroupBy(f => f.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
    }

    /// <summary>A tag tells the grade of those who gave it; a row without a number tells that somebody did.</summary>
    private static IReadOnlyDictionary<string, int> Tags(IReadOnlyList<(WeeklyReport Report, IReadOnlyList<Voter> Known)> published, int cohort, int trials)
    {
        var figures = new List<IReadOnlySet<string>>();
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (report, known) in published)
        {
            foreach (var voters in known.Where(v => v.Tag is not null).GroupBy(Name)) sizes[voters.Key] = Math.Max(voters.Count(), sizes.GetValueOrDefault(voters.Key));
            foreach (var tag in report.Tags)
            {
                if (tag.N != 0) figures.Add(known.Where(v => v.Tag == tag.Code && v.Week.ToString() == report.Week).Select(Name).ToHashSet());
                var weeks = report.Changes.FourWeeks?.Weeks ?? report.Changes.LastWeek?.Weeks ?? [];
                if (tag.Before > 0) figures.Add(known.Where(v => v.Tag == tag.Code && weeks.Contains(v.Week.ToString())).Select(Name).ToHashSet());
            }
        }
        return new Attacker<string>(cohort, trials).Groups(figures, sizes);

        static string Name(Voter voter) => $"{voter.Week} {voter.Window.Hall.Code} tag {voter.Tag}{(voter.IsLate ? " late" : "")}";
    }
}
