using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace ServiceEval.Web.Tables;

internal sealed record SheetPart(string Name, ZipArchiveEntry Part);

/// <summary>
/// The parts of a workbook: its visible sheets, its shared strings, its date system (1900 or 1904) and its cell
/// formats. Elements are compared by local name, because strict and transitional files differ only in their namespaces.
/// </summary>
internal sealed class WorkbookParts
{
    /// <summary>The maximum size in bytes of a part that is loaded into memory as a whole.</summary>
    private const int MaxSmallPart = 8 << 20;

    private readonly ZipArchive _zip;
    private readonly bool _from1904;
    private readonly IReadOnlyList<CellFormat> _formats;

    private WorkbookParts(ZipArchive zip, string path)
    {
        _zip = zip;
        if (Load(path) is not { Name.LocalName: "workbook" } workbook)
            throw Foreign(zip);
        var relations = Relations(path);
        var properties = workbook.Descendants().FirstOrDefault(e => e.Name.LocalName == "workbookPr");
        _from1904 = properties?.Attribute("date1904")?.Value is "1" or "true";
        _formats = CellFormat.All(Load(Target("styles")));
        SharedTexts = Entry(Target("sharedStrings"));
        var sheets = workbook.Descendants().Where(e => e.Name.LocalName == "sheet");
        VisibleSheets =
        [
            .. sheets.Where(e => e.Attribute("state")?.Value is null or "visible").Select(Sheet).OfType<SheetPart>(),
        ];

        // Some programs omit the relationship but use the usual file name.
        string Target(string type) =>
            relations.FirstOrDefault(r => r.Type.EndsWith($"/{type}", StringComparison.Ordinal))?.Target
            ?? Resolve(path, $"{type}.xml");

        SheetPart? Sheet(XElement sheet)
        {
            var id = sheet.Attributes().FirstOrDefault(a => a.Name.LocalName == "id")?.Value;
            var relation =
                relations.FirstOrDefault(r => r.Id == id) ?? throw new InvalidDataException($"工作表 {id} 没有内容");
            // A relationship of another type is a chart sheet or a macro sheet.
            if (relation.Type.Length > 0 && !relation.Type.EndsWith("/worksheet", StringComparison.Ordinal))
                return null;
            var part = Entry(relation.Target) ?? throw new InvalidDataException($"缺少 {relation.Target}");
            return new SheetPart(sheet.Attribute("name")?.Value ?? "", part);
        }
    }

    public IReadOnlyList<SheetPart> VisibleSheets { get; }

    /// <summary>The part with the shared strings; null if every text is stored in its cell.</summary>
    public ZipArchiveEntry? SharedTexts { get; }

    /// <exception cref="UnreadableTableException">The file is not an XLSX workbook.</exception>
    /// <exception cref="InvalidDataException">A part is missing.</exception>
    public static WorkbookParts Of(ZipArchive zip)
    {
        var stated = Relations(zip, "")
            .FirstOrDefault(r => r.Type.EndsWith("/officeDocument", StringComparison.Ordinal));
        var path = stated?.Target ?? "xl/workbook.xml";
        return path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
            ? new WorkbookParts(zip, path)
            : throw Foreign(zip);
    }

    public CellReader Cells(SharedTexts texts) => new(texts, _formats, _from1904);

    private IReadOnlyList<Relation> Relations(string of) => Relations(_zip, of);

    private static IReadOnlyList<Relation> Relations(ZipArchive zip, string of)
    {
        var slash = of.LastIndexOf('/') + 1;
        if (Load(Entry(zip, $"{of[..slash]}_rels/{of[slash..]}.rels")) is not { } relations)
            return [];
        return
        [
            .. relations
                .Elements()
                .Select(r => new Relation(
                    r.Attribute("Id")?.Value ?? "",
                    r.Attribute("Type")?.Value ?? "",
                    Resolve(of, r.Attribute("Target")?.Value ?? "")
                )),
        ];
    }

    /// <summary>Resolves a target that another part refers to. Returns the full name of the part.</summary>
    private static string Resolve(string from, string target)
    {
        if (target.StartsWith('/'))
            return target[1..];
        var folders = new Stack<string>(from.Split('/')[..^1]);
        foreach (var step in target.Split('/'))
        {
            if (step == "..")
                folders.TryPop(out _);
            else if (step is not ("." or ""))
                folders.Push(step);
        }
        return string.Join('/', folders.Reverse());
    }

    private ZipArchiveEntry? Entry(string name) => Entry(_zip, name);

    private static ZipArchiveEntry? Entry(ZipArchive zip, string name) =>
        zip.Entries.FirstOrDefault(e =>
            e.FullName.Replace('\\', '/').TrimStart('/').Equals(name, StringComparison.OrdinalIgnoreCase)
        );

    private XElement? Load(string name) => Load(Entry(name));

    private static XElement? Load(ZipArchiveEntry? part)
    {
        if (part is null)
            return null;
        using var bounded = new PieceStream(part.Open(), part.FullName, MaxSmallPart);
        using var reader = XmlReader.Create(bounded, WorkbookBounds.Xml);
        return XElement.Load(reader);
    }

    private static UnreadableTableException Foreign(ZipArchive zip) =>
        new(
            Entry(zip, "xl/workbook.bin") is not null ? "这是二进制工作簿（.xlsb），请另存为 .xlsx 或 CSV 后再导入"
            : Entry(zip, "content.xml") is not null ? "这是 OpenDocument 表格（.ods），请另存为 .xlsx 或 CSV 后再导入"
            : "XLSX 文件无法读取（里面没有工作簿），请用 Excel 重新保存后再导入"
        );

    private sealed record Relation(string Id, string Type, string Target);
}
