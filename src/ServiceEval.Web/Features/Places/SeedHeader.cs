using System.Text;
using System.Text.Json;
using ServiceEval.Core.Files;
using ServiceEval.Core.Places;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Places;

/// <param name="Demo">Whether seeding this set marks the database as demonstration data.</param>
/// <param name="Includes">The sets to seed before this one.</param>
public sealed record SeedHeader(string Name, string Title, bool Demo, IReadOnlyList<string> Includes)
{
    public const string File = "set.json";

    private static readonly string[] Members = ["name", "title", "demo", "includes"];

    /// <summary>
    /// Reads the header. Mistakes are added to the list. All values that can be read are returned in spite of mistakes.
    /// </summary>
    internal static SeedHeader Read(string directory, List<SeedMistake> mistakes, CancellationToken ct)
    {
        var folder = Path.GetFileName(directory);
        try
        {
            using var json = JsonDocument.Parse(
                Text(Path.Combine(directory, File), ct),
                new JsonDocumentOptions { AllowDuplicateProperties = false }
            );
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return Read(folder, json.RootElement, mistakes);
            Add(
                null,
                null,
                "应为一个对象，如 {\"name\":\"…\",\"title\":\"…\",\"demo\":false,\"includes\":[\"national\"]}"
            );
        }
        catch (JsonException e)
        {
            Add(e.LineNumber + 1, null, "不是正确的 JSON，请检查引号、逗号和括号");
        }
        catch (UnreadableTableException e)
        {
            Add(null, null, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Add(null, null, $"无法读取：{FileFaults.Reason(e)}");
        }
        return new SeedHeader(folder, folder, true, []);

        void Add(long? line, string? member, string what) =>
            mistakes.Add(new SeedMistake($"{folder}/{File}", line, member, null, what));
    }

    private static SeedHeader Read(string folder, JsonElement json, List<SeedMistake> mistakes)
    {
        foreach (var member in json.EnumerateObject().Where(m => !Members.Contains(m.Name)))
            Add(member.Name, null, $"不认识这一项，应有的是 {string.Join("、", Members)}");
        var name = Member("name", "应为文字", m => m.ValueKind == JsonValueKind.String ? m.GetString() : null);
        if (name is not null && name != folder)
            Add("name", name, $"应与文件夹同名，即 {folder}");
        var title = Member("title", "应为文字", m => m.ValueKind == JsonValueKind.String ? m.GetString() : null);
        if (title is not null && Must.BeText(Installation.MaxTitle)(title) is { } fault)
            Add("title", title, fault);
        var demo = Member(
            "demo",
            "应为 true（示例数据）或 false（正式数据），不加引号",
            m => m.ValueKind is JsonValueKind.True or JsonValueKind.False ? m.GetBoolean() : (bool?)null
        );
        var includes = Member(
            "includes",
            "应为数据集的名称，如 [\"national\"]",
            m =>
                m.ValueKind == JsonValueKind.Array && m.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
                    ? m.EnumerateArray().Select(e => e.GetString()!).ToList()
                    : null
        );
        return new SeedHeader(folder, title ?? folder, demo ?? true, includes ?? []);

        T? Member<T>(string member, string right, Func<JsonElement, T?> read)
        {
            if (!json.TryGetProperty(member, out var value))
                Add(member, null, $"缺少这一项，{right}");
            else if (read(value) is { } result)
                return result;
            else
                Add(member, value.GetRawText(), right);
            return default;
        }

        void Add(string member, string? value, string what) =>
            mistakes.Add(new SeedMistake($"{folder}/{File}", null, member, value, what));
    }

    /// <summary>
    /// Reads the text of the file. It may have the same encodings as a table, because an editor saved it.
    /// </summary>
    private static string Text(string path, CancellationToken ct)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var form = TextForm.Of(stream, ct);
        stream.Position = form.Mark;
        using var text = new StreamReader(stream, form.Encoding, detectEncodingFromByteOrderMarks: false);
        return text.ReadToEnd();
    }
}
