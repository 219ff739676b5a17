using System.Text.Json;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// The parts that all figures share: progress goes to standard error, and one JSON object to standard output.
/// </summary>
internal static class Figure
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = false };

    public static void Say(string line) => Console.Error.WriteLine(line);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1
            ? sorted[sorted.Count / 2]
            : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    public static double Round(double value) => Math.Round(value, 3);

    /// <summary>Prints the object as one line of JSON, or indented for people.</summary>
    public static void Print(object result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, Options));
            return;
        }
        foreach (var property in JsonSerializer.SerializeToElement(result, Options).EnumerateObject())
            Console.WriteLine($"{property.Name, -24} {property.Value}");
    }
}
