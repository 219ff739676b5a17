using System.Runtime.CompilerServices;

namespace ServiceEval.Tests.Architecture;

/// <summary>Which room may use which is in <c>arrows.txt</c>. A project without rooms counts as one room.</summary>
public sealed class ArrowsTests
{
    /// <summary>
    /// The ledger reads ratings, and ratings are entries of the ledger. No other circle may come, and this one must not
    /// grow.
    /// </summary>
    private const string CircleOfCore = "Core/Boards, Core/Ledger, Core/Ratings, Core/Storage, Core/Tallies";

    [Fact]
    public void A_room_uses_only_the_rooms_that_the_table_allows()
    {
        var arrows = Arrows();
        var wrong = Uses
            .All.Where(use => !arrows.GetValueOrDefault(use.From, []).Exists(allowed => Covers(allowed, use.To)))
            .GroupBy(use => (use.From, use.To))
            .Select(arrow =>
                $"{arrow.Key.From} must not use {arrow.Key.To}, but it uses {Named(arrow)}. Move the code to a room "
                + $"that may use {arrow.Key.To}, or let Program.cs pass in what is needed. If the arrow is intended, "
                + "add it to tests/ServiceEval.Tests/Architecture/arrows.txt."
            );

        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public void The_table_allows_no_arrow_that_nothing_uses()
    {
        var used = Uses.All.Select(use => (use.From, use.To)).ToHashSet();
        var unused =
            from room in Arrows()
            from allowed in room.Value
            where !used.Any(use => use.From == room.Key && Covers(allowed, use.To))
            select $"{room.Key} does not use {allowed} any more. Remove the arrow from arrows.txt.";

        Assert.True(!unused.Any(), string.Join('\n', unused));
    }

    [Fact]
    public void No_rooms_use_each_other_in_a_circle()
    {
        var uses = Uses.All.ToLookup(use => use.From, use => use.To);
        var reached = uses.ToDictionary(room => room.Key, room => ReachedFrom(room.Key, uses));
        var circles = reached
            .Where(room => room.Value.Contains(room.Key))
            .Select(room =>
                string.Join(
                    ", ",
                    room.Value.Where(other => reached.GetValueOrDefault(other, []).Contains(room.Key))
                        .Order(StringComparer.Ordinal)
                )
            )
            .Distinct()
            .Where(rooms => rooms != CircleOfCore);

        Assert.True(
            !circles.Any(),
            string.Join('\n', circles.Select(rooms => $"These rooms use each other in a circle: {rooms}."))
        );
    }

    [Fact]
    public void Only_Program_names_the_features()
    {
        var wrong = Uses
            .All.Where(use => !use.From.Contains("/Features/", StringComparison.Ordinal) && use.From != "Web")
            .Where(use => Room.Project(use.From) == "Web" && use.To.Contains("/Features/", StringComparison.Ordinal))
            .Select(use => $"{use.From} names {use.Type} of {use.To} in {use.Where}. Only Program.cs names features.");

        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    private static HashSet<string> ReachedFrom(string room, ILookup<string, string> uses)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(uses[room]);
        while (next.TryPop(out var other))
            if (reached.Add(other))
                foreach (var further in uses[other])
                    next.Push(further);
        return reached;
    }

    /// <summary>An allowed room that ends in <c>/*</c> stands for a project and all its rooms.</summary>
    private static bool Covers(string allowed, string room) =>
        allowed.EndsWith("/*", StringComparison.Ordinal) ? Room.Project(room) == allowed[..^2] : room == allowed;

    private static string Named(IEnumerable<Use> uses) =>
        string.Join(", ", uses.Take(5).Select(use => $"{use.Type} in {use.Where}"));

    /// <summary>Reads lines such as <c>Web/Http: Web/Hosting Core/Ratings</c>.</summary>
    private static Dictionary<string, List<string>> Arrows([CallerFilePath] string caller = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(caller)!, "arrows.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(':'))
            .ToDictionary(
                parts => parts[0],
                parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList()
            );
}
