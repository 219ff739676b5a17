using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>
/// Rewrites the file that MiniExcel has written: with a fixed time and fixed ids instead of the current time and random
/// ids, with our styles and print settings, and with the rare characters that MiniExcel treats as illegal.
/// </summary>
internal static partial class WorkbookParts
{
    private const string Styles = "xl/styles.xml";
    private const string Book = "xl/workbook.xml";
    private const string Sheets = "xl/worksheets/sheet";

    /// <summary>The last date that is used. A later year cannot be stored in a ZIP file.</summary>
    private static readonly DateOnly Latest = new(2107, 12, 31);

    public static byte[] Rewrite(Stream workbook, WorkbookPrinting printing, DateOnly dated)
    {
        var ids = new Dictionary<string, string>();
        using var rewritten = new MemoryStream();
        using (var from = new ZipArchive(workbook, ZipArchiveMode.Read))
        using (var to = new ZipArchive(rewritten, ZipArchiveMode.Create))
        {
            foreach (var part in from.Entries)
            {
                var entry = to.CreateEntry(part.FullName);
                entry.LastWriteTime = new DateTimeOffset(
                    (dated > Latest ? Latest : dated).ToDateTime(TimeOnly.MinValue),
                    TimeSpan.Zero
                );
                using var content = part.Open();
                using var target = entry.Open();
                if (part.FullName == Styles)
                    WorkbookStyles.Rewrite(content, target);
                else if (part.FullName.StartsWith(Sheets, StringComparison.Ordinal))
                    RewriteText(content, target, text => printing.Sheet(EscapedPair().Replace(text, Character)));
                else
                    RewriteText(content, target, text => Ids(part.FullName == Book ? printing.Names(text) : text));
            }
        }
        return rewritten.ToArray();

        string Ids(string text) => RandomId().Replace(text, id => Numbered(id.Value, ids));
    }

    /// <summary>
    /// Rewrites a text in pieces, because a sheet may be larger than memory. Each piece ends before a tag, because no
    /// text that is replaced extends over the beginning of a tag.
    /// </summary>
    private static void RewriteText(Stream from, Stream to, Func<string, string> rewrite)
    {
        using var reader = new StreamReader(from);
        using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var buffer = new char[1 << 16];
        var rest = "";
        int read;
        while ((read = reader.Read(buffer)) > 0)
        {
            var text = rest + new string(buffer, 0, read);
            var end = Math.Max(0, text.LastIndexOf('<'));
            writer.Write(rewrite(text[..end]));
            rest = text[end..];
        }
        writer.Write(rewrite(rest));
    }

    private static string Character(Match pair) => $"{Half(pair.Groups[1].ValueSpan)}{Half(pair.Groups[2].ValueSpan)}";

    private static char Half(ReadOnlySpan<char> hex) =>
        (char)ushort.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>
    /// Returns the number of an id. It is the same in every part. Ids are numbered in the order in which they first
    /// occur.
    /// </summary>
    private static string Numbered(string id, Dictionary<string, string> ids)
    {
        if (!ids.TryGetValue(id, out var number))
            ids[id] = number = string.Create(CultureInfo.InvariantCulture, $"R{ids.Count + 1}");
        return number;
    }

    [GeneratedRegex("_x(D[89AB][0-9A-F]{2})__x(D[C-F][0-9A-F]{2})_")]
    private static partial Regex EscapedPair();

    [GeneratedRegex(@"\bR[0-9a-f]{32}\b")]
    private static partial Regex RandomId();
}
