namespace ServiceEval.Data.Tests.Tallies;

/// <summary>
/// The tallies counted anew from the rows of ratings, corrections and details, one at a time and by hand: it shares
/// nothing with the code it judges. Keys are the columns' numbers in their order, values the five counts.
/// </summary>
internal sealed record Recount(
    IReadOnlyList<RatingRow> Ratings, SortedDictionary<string, string> Hours, SortedDictionary<string, string> Items,
    SortedDictionary<string, string> Windows, SortedDictionary<string, string> Tags)
{
    public static Recount Of(SqliteFile file)
    {
        var corrected = file.Read("SELECT hex(RatingId), Grade FROM Corrections", r => (Id: r.GetString(0), Grade: r.GetInt32(1))).ToDictionary(c => c.Id, c => c.Grade);
        var ratings = file.Read(
            "SELECT hex(Id), LocalDate, LocalHour, WindowId, DepartmentId, Tier, Channel, Standing, Grade FROM Ratings",
            r => new RatingRow(r.GetString(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), r.GetInt32(8)));
        var details = file.Read(
            "SELECT hex(RatingId), Grade, ItemId, DepartmentId, Tags FROM RatingDetails",
            r => (Id: r.GetString(0), Grade: r.GetInt32(1), Item: r.GetInt32(2), Department: r.GetInt32(3), Tags: r.GetString(4)));

        var (hours, items, windows) = (new Counts(), new Counts(), new Counts());
        var tags = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var r in ratings)
        {
            var grade = corrected.GetValueOrDefault(r.Id, r.Grade);
            hours.Add($"{r.Date} {r.Hour} {r.Window} {r.Department} {r.Tier} {r.Channel} {r.Standing}", grade);
            windows.Add($"{r.Window} {r.Tier} {r.Standing}", grade);
            foreach (var d in details)
            {
                if (d.Id != r.Id || d.Grade != grade) continue;
                if (d.Item != 0) items.Add($"{r.Date} {r.Window} {d.Item} {d.Department} {r.Tier} {r.Standing}", grade);
                foreach (var tag in d.Tags.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    var key = $"{r.Date} {r.Window} {tag} {r.Standing}";
                    tags[key] = tags.GetValueOrDefault(key) + 1;
                }
            }
        }
        return new Recount(ratings, hours.ToTexts(), items.ToTexts(), windows.ToTexts(), StoredTallies.Texts(tags.Select(t => (t.Key, $"{t.Value}"))));
    }

    private sealed class Counts
    {
        private readonly Dictionary<string, int[]> _counts = [];

        public void Add(string key, int grade)
        {
            if (!_counts.TryGetValue(key, out var counts)) _counts.Add(key, counts = new int[5]);
            counts[grade - 1]++;
        }

        public SortedDictionary<string, string> ToTexts() => StoredTallies.Texts(_counts.Select(c => (c.Key, string.Join(' ', c.Value))));
    }
}

internal sealed record RatingRow(string Id, int Date, int Hour, int Window, int Department, int Tier, int Channel, int Standing, int Grade);
