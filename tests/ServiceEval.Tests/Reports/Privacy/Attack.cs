using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>
/// An attacker who has every report of every scope, week and version. The attacker knows everything about each rating
/// except its grade.
/// </summary>
internal static class Attack
{
    /// <returns>The groups of fewer ratings than a cohort whose grades the reports reveal.</returns>
    public static IReadOnlyDictionary<string, int> Run(
        IReadOnlyList<PublishedReport> published,
        DirectorySnapshot directory,
        int cohort,
        int trials,
        bool explain = false
    )
    {
        var attacker = new Attacker<string>(cohort, trials);
        var voters = published.SelectMany(p => p.Known).DistinctBy(v => v.Id).ToList();
        var figures = published
            .SelectMany(p => Figures.Of(p.Report, p.Known, directory))
            .Where(f => f.Of.Count > 0)
            .ToList();
        var found = attacker.Groups(
            [.. figures.Select(f => f.Of.Select(v => v.Known).ToHashSet())],
            voters.CountBy(v => v.Known).ToDictionary(),
            explain ? [.. figures.Select(f => f.Name)] : null
        );
        return found
            .Concat(Tags(published, cohort, trials))
            .GroupBy(f => f.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
    }

    /// <summary>
    /// Returns the small groups that tags reveal. A tag reveals the grade of the citizens who gave it. A row without a
    /// number reveals that at least one citizen gave the tag.
    /// </summary>
    private static IReadOnlyDictionary<string, int> Tags(
        IReadOnlyList<PublishedReport> published,
        int cohort,
        int trials
    )
    {
        var figures = new List<IReadOnlySet<string>>();
        var given = published.SelectMany(p => p.Known).Where(v => v.Tag is not null).DistinctBy(v => v.Id).ToList();
        // Every later version has the same tags as the first.
        foreach (var (report, known, _) in published.Where(p => p.Report.Version == 1))
        {
            List<Voter> now = [.. known.Where(v => v.Tag is not null && v.Week.ToString() == report.Week)];
            var named = report.Tags.Select(t => t.Code).ToHashSet(StringComparer.Ordinal);
            if (report.OtherTags is not null)
                figures.Add(now.Where(v => !named.Contains(v.Tag!)).Select(v => v.KnownTag).ToHashSet());
            foreach (var tag in report.Tags)
            {
                if (tag.N != 0)
                    figures.Add(now.Where(v => v.Tag == tag.Code).Select(v => v.KnownTag).ToHashSet());
                var weeks = report.Changes.FourWeeks?.Weeks ?? report.Changes.LastWeek?.Weeks ?? [];
                if (tag.Before > 0)
                    figures.Add(
                        known
                            .Where(v => v.Tag == tag.Code && weeks.Contains(v.Week.ToString()))
                            .Select(v => v.KnownTag)
                            .ToHashSet()
                    );
            }
        }
        return new Attacker<string>(cohort, trials).Groups(figures, given.CountBy(v => v.KnownTag).ToDictionary());
    }
}
