using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServiceEval.Simulator;

/// <summary>
/// Random numbers that depend only on the seed and the subject, so that a change at one window does not change the
/// numbers of another window.
/// </summary>
internal static class Draws
{
    public static Random For(int seed, params ReadOnlySpan<string> subject)
    {
        var hash = SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{string.Join('\n', subject)}"))
        );
        return new Random(BinaryPrimitives.ReadInt32BigEndian(hash));
    }

    /// <summary>Picks a value by its weight. The weights need not add up to 1.</summary>
    public static T Pick<T>(this Random random, IReadOnlyList<(T Value, double Weight)> among)
    {
        var at = random.NextDouble() * among.Sum(a => a.Weight);
        foreach (var (value, weight) in among)
        {
            if ((at -= weight) < 0)
                return value;
        }
        return among[^1].Value;
    }

    public static T Pick<T>(this Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];

    public static double Between(this Random random, double low, double high) =>
        low + (random.NextDouble() * (high - low));
}
