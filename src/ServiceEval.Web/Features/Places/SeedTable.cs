using ServiceEval.Core.Files;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Places;

/// <summary>A row of a file of a set, unchanged.</summary>
internal sealed record SeedRow(string File, long Line, IReadOnlyDictionary<string, string> Cells)
{
    public string this[string column] => Cells.GetValueOrDefault(column, "");

    public SeedMistake Mistake(string column, string what) => new(File, Line, column, this[column], what);
}

/// <param name="Rows">The rows, including rows with mistakes.</param>
/// <param name="IsRead">False if the file could not be read. It is then unknown whether a row is missing in it.</param>
internal sealed record SeedFile(IReadOnlyList<SeedRow> Rows, bool IsRead);

/// <summary>Reads one file of a set, CSV or XLSX, and finds the mistakes in each of its cells.</summary>
internal sealed class SeedTable(string directory, List<SeedMistake> mistakes)
{
    private static readonly string[] Extensions = [".csv", ".xlsx"];

    private readonly string _set = Path.GetFileName(directory);

    /// <summary>Reads the file. A missing file has no rows.</summary>
    public SeedFile Read(string name, IReadOnlyList<SeedColumn> columns, CancellationToken ct)
    {
        var paths = Extensions
            .Select(extension => Path.Combine(directory, name + extension))
            .Where(File.Exists)
            .ToList();
        if (paths.Count == 0)
            return new SeedFile([], IsRead: true);
        var file = $"{_set}/{Path.GetFileName(paths[0])}";
        if (paths.Count > 1)
            Add(file, $"还有一个 {Path.GetFileName(paths[1])}，不知该用哪个，请只留一个");
        try
        {
            using var stream = new FileStream(paths[0], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var table = Table.Open(
                stream,
                new TableShape([.. columns.Where(c => !c.IsOptional).Select(c => c.Name)], []),
                ct
            );
            if (HasColumns(file, table.Header, columns))
                return new SeedFile([.. Rows(file, table, columns)], IsRead: true);
        }
        catch (UnreadableTableException e)
        {
            Add(file, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Add(file, $"无法读取：{FileFaults.Reason(e)}");
        }
        return new SeedFile([], IsRead: false);
    }

    /// <summary>
    /// Finds files that look as if they belonged to the set. Without this check they would be ignored without a
    /// message.
    /// </summary>
    public void FindOthers(IReadOnlyList<string> known)
    {
        foreach (
            var file in Directory
                .GetFiles(directory)
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal)
        )
        {
            if (file.StartsWith('.') || file.StartsWith("~$", StringComparison.Ordinal))
                continue;
            var isTable =
                Path.GetExtension(file).ToLowerInvariant()
                is ".csv"
                    or ".xlsx"
                    or ".xls"
                    or ".xlsb"
                    or ".ods"
                    or ".et"
                    or ".tsv";
            if (isTable && !known.Any(name => Extensions.Any(extension => file == name + extension)))
                Add(
                    $"{_set}/{file}",
                    $"不认识这个文件，应为 {string.Join("、", known.Select(name => $"{name}.csv"))} 之一（也可以是 .xlsx），多余的请移走"
                );
        }
    }

    private bool HasColumns(string file, IReadOnlyList<string> header, IReadOnlyList<SeedColumn> columns)
    {
        var before = mistakes.Count;
        var right = $"应有的列为 {string.Join(',', columns.Select(c => c.Name))}";
        var named = header.Where(h => h.Length > 0).GroupBy(h => h, StringComparer.OrdinalIgnoreCase).ToList();
        foreach (
            var column in columns.Where(c =>
                !c.IsOptional && !header.Contains(c.Name, StringComparer.OrdinalIgnoreCase)
            )
        )
            AddHeader(column.Name, $"缺少这一列，{right}");
        foreach (
            var name in named.Select(g => g.Key).Except(columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase)
        )
            AddHeader(name, $"不认识这一列，{right}");
        foreach (var twice in named.Where(g => g.Count() > 1))
            AddHeader(twice.Key, "这一列出现了不止一次");
        return mistakes.Count == before;

        void AddHeader(string column, string what) => mistakes.Add(new SeedMistake(file, 1, column, null, what));
    }

    private IEnumerable<SeedRow> Rows(string file, Table table, IReadOnlyList<SeedColumn> columns)
    {
        var places = columns.Select(column => (column.Name, Place: table.PlaceOf(column.Name))).ToList();
        foreach (var row in table.Rows)
        {
            if (row.Fault is not null)
            {
                mistakes.Add(new SeedMistake(file, row.Line, null, null, row.Fault));
                continue;
            }
            var cells = places.ToDictionary(
                p => p.Name,
                p => p.Place >= 0 ? row.Cells.ElementAtOrDefault(p.Place) ?? "" : ""
            );
            var read = new SeedRow(file, row.Line, cells);
            foreach (var column in columns)
                if (column.FaultOf(read[column.Name]) is { } fault)
                    mistakes.Add(read.Mistake(column.Name, fault));
            yield return read;
        }
    }

    private void Add(string file, string what) => mistakes.Add(new SeedMistake(file, null, null, null, what));
}
