using CsCheck;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

/// <summary>
/// Changes one value anywhere in a random ledger by SQL. Verification must find the change and name its row.
/// </summary>
public sealed class AnyMutationTests
{
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["Ratings"] = "Id",
        ["Corrections"] = "RatingId",
        ["RatingDetails"] = "RatingId",
        ["LedgerBlocks"] = "Sequence",
        ["LedgerHead"] = "",
        ["LedgerKeys"] = "",
        ["TalliesByHour"] = "",
        ["TalliesByItem"] = "",
        ["TalliesByWindow"] = "",
        ["TalliesByTag"] = "",
    };

    [Fact]
    public Task One_changed_value_is_found_and_without_it_nothing_is() =>
        Gen.Select(
                Gen.Int[1, 5].Array[1, 6],
                Gen.Int[0, int.MaxValue],
                Gen.Int[0, int.MaxValue],
                Gen.Int[0, 5],
                Gen.Int[0, Keys.Count - 1]
            )
            .SampleAsync(
                async (blocks, row, column, value, which) =>
                {
                    var table = Keys.Keys.ElementAt(which);
                    await using var file = await LedgerFile.CreateAsync();
                    await FillAsync(file, blocks);
                    // Verify once with memory for the whole ledger, and once with memory for one block at a time.
                    Assert.Empty(await file.FaultsAsync());
                    Assert.Empty(await file.FaultsABlockAtATimeAsync());
                    var mutated = await MutateAsync(file, table, row, column, value);
                    if (mutated is null)
                        return;
                    var faults = await file.FaultsAsync();
                    Assert.Equal(faults, await file.FaultsABlockAtATimeAsync());
                    Assert.True(
                        faults.Any(f =>
                            f.Table == table
                            && (
                                mutated.Value.Key is null
                                || f.Id == mutated.Value.Key
                                || $"{f.Block}" == mutated.Value.Key
                            )
                        ),
                        $"{mutated.Value.What} was not found: {string.Join("; ", faults)}"
                    );
                },
                iter: 150,
                threads: 2
            );

    private static async Task FillAsync(LedgerFile file, int[] blocks)
    {
        var number = 0;
        foreach (var size in blocks)
        {
            var requests = new List<LogRequest>();
            for (var i = 0; i < size; i++)
            {
                number++;
                var grade = (Grade)(1 + number % 5);
                var detail =
                    number % 2 == 0
                        ? LedgerFile.Detail(number, grade, number % 3, ["101", "102"], number % 4 == 0 ? "还行" : null)
                        : null;
                requests.Add(LedgerFile.Give(number, grade, 1 + number % 2, detail));
                if (number % 3 == 0)
                    requests.Add(
                        new GiveCorrection(LedgerFile.Id(number - 1), (Grade)(1 + (number + 1) % 5), LedgerFile.Start)
                    );
            }
            await file.CommitAsync([.. requests]);
        }
    }

    /// <summary>Changes one value. Returns null if the table is empty or SQLite refuses the change.</summary>
    private static async Task<(string What, string? Key)?> MutateAsync(
        LedgerFile file,
        string table,
        int row,
        int column,
        int value
    )
    {
        // A tally with only zeros means the same as a missing tally.
        var counts =
            table == "TalliesByTag"
                ? "Count"
                : "VerySatisfied + Satisfied + BasicallySatisfied + Dissatisfied + VeryDissatisfied";
        var rows = await file.QueryAsync(
            $"SELECT * FROM {table}{(table.StartsWith("Tallies", StringComparison.Ordinal) ? $" WHERE {counts} <> 0" : "")}"
        );
        if (rows.Count == 0)
            return null;
        var chosen = rows[row % rows.Count];
        var columns = (await file.QueryAsync($"SELECT name FROM pragma_table_info('{table}')"))
            .Select(c => (string)c[0])
            .ToList();
        var name = columns[column % columns.Count];
        var old = chosen[column % columns.Count];
        var changed = new[] { Other(old), "'text'", "x'0102'", "9223372036854775807", "-1", "CAST(x'fe' AS TEXT)" }[
            value
        ];
        if (table == "LedgerBlocks" && name == "Sequence" || table is "LedgerHead" or "LedgerKeys" && name == "Id")
            changed = old is 1L ? "77" : "-1";

        var where = string.Join(" AND ", columns.Select((c, i) => $"\"{c}\" IS {Literal(chosen[i])}"));
        if (await file.TamperAsync($"UPDATE OR IGNORE {table} SET \"{name}\" = {changed} WHERE {where}") == 0)
            return null;
        return ($"{table}.{name} {Literal(old)} → {changed}", Key(table, name, chosen, columns, changed));
    }

    /// <summary>Returns the present key of the row, or null if any fault in the table is sufficient.</summary>
    private static string? Key(string table, string name, object[] row, List<string> columns, string changed)
    {
        if (Keys[table] is not { Length: > 0 } key)
            return null;
        if (name == key)
            return key == "Sequence" ? changed : null;
        var value = row[columns.IndexOf(key)];
        return value is byte[] id ? new Guid(id, bigEndian: true).ToString() : $"{value}";
    }

    private static string Other(object old) =>
        old switch
        {
            byte[] bytes => Literal((byte[])[(byte)(bytes[0] ^ 1), .. bytes[1..]]),
            long number => $"{number + 1}",
            string text => $"'{text}1'",
            _ => "x'00'",
        };

    private static string Literal(object value) =>
        value switch
        {
            byte[] bytes => $"x'{Convert.ToHexString(bytes)}'",
            string text => $"'{text}'",
            DBNull => "NULL",
            _ => $"{value}",
        };
}
