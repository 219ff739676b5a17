using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Builds 与上一版的差异: the figures that late data changed.</summary>
internal static class VersionDifference
{
    public static ReportDifference? Of(WeeklyReport now, WeeklyReport? earlier)
    {
        if (earlier is null)
            return null;
        var figures = new List<ReportFigureChange>
        {
            new("有效评价", "条", earlier.N, now.N),
            new("主动评价", "条", earlier.ActiveN, now.ActiveN),
        };
        // With fewer ratings, the difference would disclose their grades.
        if (ReportPrivacy.ShowsGrades(earlier) && ReportPrivacy.ShowsGrades(now))
        {
            figures.InsertRange(
                1,
                [
                    new("好评率", "%", earlier.Rate, now.Rate),
                    new("好评率区间下限", "%", earlier.Low, now.Low),
                    new("好评率区间上限", "%", earlier.High, now.High),
                    new("平均分", "分", earlier.Mean, now.Mean),
                ]
            );
            figures.AddRange(
                Grades.All.Select(g => new ReportFigureChange(
                    Words.Of(g),
                    "条",
                    earlier.Grades[Words.Wire(g)],
                    now.Grades[Words.Wire(g)]
                ))
            );
        }
        figures.AddRange(Counts(now.Regions, earlier.Regions, r => r.Code, r => r.Name, r => r.N));
        figures.AddRange(Counts(now.Halls, earlier.Halls, h => h.Code, h => h.Name, h => h.N));
        figures.AddRange(
            Counts(
                now.Windows,
                earlier.Windows,
                w => $"{w.Hall}/{w.Number}",
                w => $"{HallOf(now, w)}{w.Number}号{w.Name}",
                w => w.N
            )
        );
        var (problems, before) = (
            now.Problems.Select(p => p.Text).ToList(),
            earlier.Problems.Select(p => p.Text).ToList()
        );
        return new(
            earlier.Id,
            [.. figures.Where(f => f.Before != f.Now)],
            [.. problems.Except(before)],
            [.. before.Except(problems)]
        );
    }

    /// <summary>
    /// Compares only the numbers of ratings, because the grade of a single late rating must not be disclosed.
    /// </summary>
    private static IEnumerable<ReportFigureChange> Counts<T>(
        IReadOnlyList<T> now,
        IReadOnlyList<T> earlier,
        Func<T, string> key,
        Func<T, string> name,
        Func<T, int> n
    )
    {
        var before = earlier.ToDictionary(key, n);
        return now.Select(row => new ReportFigureChange(name(row), "条", before.GetValueOrDefault(key(row)), n(row)));
    }

    private static string HallOf(WeeklyReport report, ReportWindow window) =>
        report.Halls.FirstOrDefault(h => h.Code == window.Hall)?.Name ?? "";
}
