using System.IO.Compression;
using System.Xml.Linq;

namespace ServiceEval.Tests.Reports.Renderings;

/// <summary>Reads an XLSX file from its XML and not with the library that wrote it.</summary>
internal sealed class Xlsx(byte[] file)
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Relations =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public IEnumerable<ZipArchiveEntry> Entries => Open().Entries;

    public IReadOnlyList<string> SheetNames =>
        [.. Part("xl/workbook.xml").Descendants(Main + "sheet").Select(s => (string)s.Attribute("name")!)];

    public XElement Sheet(string name)
    {
        var id = (string)
            Part("xl/workbook.xml")
                .Descendants(Main + "sheet")
                .Single(s => (string)s.Attribute("name")! == name)
                .Attribute(Relations + "id")!;
        var target = (string)
            Part("xl/_rels/workbook.xml.rels")
                .Elements()
                .Single(r => (string)r.Attribute("Id")! == id)
                .Attribute("Target")!;
        return Part(target.StartsWith('/') ? target[1..] : $"xl/{target}");
    }

    /// <summary>Returns the row whose first cell has this value.</summary>
    public IReadOnlyList<Cell> Row(string sheet, string first) => Rows(sheet).First(r => r[0].Value == first);

    public IReadOnlyList<IReadOnlyList<Cell>> Rows(string sheet)
    {
        var styles = Part("xl/styles.xml");
        var formats = styles
            .Descendants(Main + "numFmt")
            .ToDictionary(f => (string)f.Attribute("numFmtId")!, f => (string)f.Attribute("formatCode")!);
        var byStyle = styles
            .Element(Main + "cellXfs")!
            .Elements()
            .Select(xf => formats.GetValueOrDefault((string)xf.Attribute("numFmtId")!, ""))
            .ToList();
        return
        [
            .. Sheet(sheet)
                .Descendants(Main + "row")
                .Select(row =>
                    (IReadOnlyList<Cell>)
                        [
                            .. row.Elements(Main + "c")
                                .Select(c => new Cell(
                                    (string?)c.Attribute("t") ?? "n",
                                    byStyle[(int)c.Attribute("s")!],
                                    (string?)c.Element(Main + "v") ?? "",
                                    c.Element(Main + "f") is not null
                                )),
                        ]
                ),
        ];
    }

    /// <summary>Returns the definition of a name for the sheet with this index, from 0.</summary>
    public string? Defined(string name, int sheet) =>
        (string?)
            Part("xl/workbook.xml")
                .Descendants(Main + "definedName")
                .SingleOrDefault(d =>
                    (string?)d.Attribute("name") == name && (int?)d.Attribute("localSheetId") == sheet
                );

    private ZipArchive Open() => new(new MemoryStream(file));

    private XElement Part(string path)
    {
        using var content = Open().GetEntry(path)!.Open();
        return XDocument.Load(content).Root!;
    }
}

/// <param name="Type">n for a number, str or inlineStr for text.</param>
internal sealed record Cell(string Type, string Format, string Value, bool IsFormula);
