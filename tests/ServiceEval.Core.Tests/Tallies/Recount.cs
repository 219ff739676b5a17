using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Tallies;

/// <summary>
/// Recounts the tallies from the rows of ratings, corrections and details, one row at a time. It shares no code with
/// the code under test. The keys are the numbers of the columns in their order. The values are the five counts.
/// </summary>
internal sealed record Recount(
    SortedDictionary<string, string> Hours,
    SortedDictionary<string, string> Items,
    SortedDictionary<string, string> Windows,
    SortedDictionary<string, string> Tags
)
{
    public static async Task<Recount> OfAsync(TestDatabase database)
    {
        var corrected = (await database.ReadAsync("SELECT \"RatingId\", \"Grade\" FROM \"Corrections\"")).ToDictionary(
            r => r[0],
            r => r[1]
        );
        var ratings = (
            await database.ReadAsync(
                "SELECT \"Id\", \"LocalDate\", \"LocalHour\", \"WindowId\", \"DepartmentId\", \"Tier\", \"Channel\", \"Standing\", \"Grade\" FROM \"Ratings\""
            )
        ).Select(r => new RatingRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8]));
        var details = (
            await database.ReadAsync(
                "SELECT \"RatingId\", \"Grade\", \"ItemId\", \"DepartmentId\", \"Tags\" FROM \"RatingDetails\""
            )
        )
            .Select(r => (Id: r[0], Grade: r[1], Item: r[2], Department: r[3], Tags: r[4]))
            .ToList();

        var (hours, items, windows) = (new Counts(), new Counts(), new Counts());
        var tags = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var r in ratings)
        {
            var grade = corrected.GetValueOrDefault(r.Id, r.Grade);
            hours.Add($"{r.Date} {r.Hour} {r.Window} {r.Department} {r.Tier} {r.Channel} {r.Standing}", grade);
            windows.Add($"{r.Window} {r.Tier} {r.Standing}", grade);
            foreach (var d in details)
            {
                if (d.Id != r.Id || d.Grade != grade)
                    continue;
                if (d.Item != "0")
                    items.Add($"{r.Date} {r.Window} {d.Item} {d.Department} {r.Tier} {r.Standing}", grade);
                foreach (var tag in d.Tags.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    var key = $"{r.Date} {r.Window} {tag} {r.Standing}";
                    tags[key] = tags.GetValueOrDefault(key) + 1;
                }
            }
        }
        return new Recount(
            hours.ToTexts(),
            items.ToTexts(),
            windows.ToTexts(),
            StoredTallies.Texts(tags.Select(t => (t.Key, $"{t.Value}")))
        );
    }

    private sealed class Counts
    {
        private readonly Dictionary<string, int[]> _counts = [];

        public void Add(string key, string grade)
        {
            if (!_counts.TryGetValue(key, out var counts))
                _counts.Add(key, counts = new int[5]);
            counts[grade[0] - '1']++;
        }

        public SortedDictionary<string, string> ToTexts() =>
            StoredTallies.Texts(_counts.Select(c => (c.Key, string.Join(' ', c.Value))));
    }

    private sealed record RatingRow(
        string Id,
        string Date,
        string Hour,
        string Window,
        string Department,
        string Tier,
        string Channel,
        string Standing,
        string Grade
    );
}
