using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace ServiceEval.Tests.Exchange;

/// <summary>A text in the shared strings of the workbook, as Excel stores it.</summary>
internal sealed record Shared(string Text);

/// <summary>A number that is displayed as a time.</summary>
internal sealed record Date(double Days);

/// <summary>A number in a format. The format is an index into <see cref="OldWorkbook.Formats"/>.</summary>
internal sealed record Styled(double Number, int Format);

/// <summary>A cell as XML, without its reference.</summary>
internal sealed record RawCell(string Attributes, string Content);

/// <summary>
/// A workbook that is written part by part, as Excel or a worse program writes it. A null is a missing cell.
/// </summary>
internal sealed class OldWorkbook(params IReadOnlyList<object?>[] rows)
{
    public static readonly IReadOnlyList<object?> Header = Importing.Header.Split(',');

    private const int FirstCustomFormat = 164;
    private const int StylesBeforeFormats = 2;

    private readonly List<string> _shared = [];

    /// <summary>The bytes of empty rows below the other rows.</summary>
    public long Filler { get; set; }
    public int EmptyParts { get; set; }

    /// <summary>The size of the sheet that the archive declares; null for the true size.</summary>
    public int? DeclaredSheet { get; set; }
    public string DocumentType { get; set; } = "";

    /// <summary>True for the 1904 date system of old Macintosh workbooks.</summary>
    public bool From1904 { get; set; }

    /// <summary>True for the namespaces of ISO/IEC 29500 Strict.</summary>
    public bool IsStrict { get; set; }

    /// <summary>Numbers of built-in formats, or codes of custom formats.</summary>
    public IReadOnlyList<object> Formats { get; set; } = [];

    /// <summary>The XML after the rows of the sheet.</summary>
    public string AfterRows { get; set; } = "";

    /// <summary>Further sheets with one row each. The state is null or a value such as hidden.</summary>
    public IReadOnlyList<(string Name, string? State, string Row)> OtherSheets { get; set; } = [];

    public string? FirstSheetState { get; set; }

    private string Main =>
        IsStrict
            ? "http://purl.oclc.org/ooxml/spreadsheetml/main"
            : "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private string Relations =>
        IsStrict
            ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
            : "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(
                zip,
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
            );
            AddWorkbook(zip);
            AddStyles(zip);
            AddSheet(zip);
            for (var i = 0; i < OtherSheets.Count; i++)
                Add(
                    zip,
                    $"xl/worksheets/sheet{i + 2}.xml",
                    $"<worksheet xmlns=\"{Main}\"><sheetData>{OtherSheets[i].Row}</sheetData></worksheet>"
                );
            Add(
                zip,
                "xl/sharedStrings.xml",
                $"<sst xmlns=\"{Main}\">{string.Concat(_shared.Select(s => $"<si><t xml:space=\"preserve\">{SecurityElement.Escape(s)}</t></si>"))}</sst>"
            );
            for (var i = 0; i < EmptyParts; i++)
                Add(zip, $"xl/media/{i}", "");
        }
        var bytes = file.ToArray();
        if (DeclaredSheet is { } size)
            Declare(bytes, "xl/worksheets/sheet1.xml"u8, size);
        return bytes;
    }

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var part = new StreamWriter(zip.CreateEntry(name).Open());
        part.Write(content);
    }

    private void AddWorkbook(ZipArchive zip)
    {
        var sheets = OtherSheets.Select(s => (s.Name, s.State)).Prepend(("评价", FirstSheetState)).ToList();
        Add(
            zip,
            "xl/workbook.xml",
            $"""
            <workbook xmlns="{Main}" xmlns:r="{Relations}">{(From1904 ? "<workbookPr date1904=\"1\"/>" : "")}<sheets>{string.Concat(sheets.Select((s, i) =>
                $"<sheet name=\"{s.Item1}\" sheetId=\"{i + 1}\"{(s.Item2 is null ? "" : $" state=\"{s.Item2}\"")} r:id=\"rId{i + 1}\"/>"))}</sheets></workbook>
            """
        );
        Add(
            zip,
            "xl/_rels/workbook.xml.rels",
            $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(sheets.Select((_, i) =>
                $"<Relationship Id=\"rId{i + 1}\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))}</Relationships>
            """
        );
    }

    private void AddStyles(ZipArchive zip)
    {
        var codes = Formats.OfType<string>().ToList();
        Add(
            zip,
            "xl/styles.xml",
            $"""
            <styleSheet xmlns="{Main}"><numFmts>{string.Concat(codes.Select((code, i) => $"<numFmt numFmtId=\"{FirstCustomFormat + i}\" formatCode=\"{SecurityElement.Escape(code)}\"/>"))}</numFmts>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/>{string.Concat(Formats.Select(f =>
                $"<xf numFmtId=\"{(f is string code ? FirstCustomFormat + codes.IndexOf(code) : f)}\" applyNumberFormat=\"1\"/>"))}</cellXfs></styleSheet>
            """
        );
    }

    private void AddSheet(ZipArchive zip)
    {
        using var part = new StreamWriter(zip.CreateEntry("xl/worksheets/sheet1.xml").Open());
        part.Write($"{DocumentType}<worksheet xmlns=\"{Main}\"><dimension ref=\"A1:XFD1048576\"/><sheetData>");
        for (var r = 0; r < rows.Length; r++)
        {
            part.Write(
                $"<row r=\"{r + 1}\">{string.Concat(rows[r].Select((cell, c) => Cell($"{(char)('A' + c)}{r + 1}", cell)))}</row>"
            );
        }
        const string Empty = "<row></row>";
        for (var written = 0L; written < Filler; written += Empty.Length)
            part.Write(Empty);
        part.Write($"</sheetData>{AfterRows}</worksheet>");
    }

    private string Cell(string place, object? value)
    {
        switch (value)
        {
            case null:
                return "";
            case RawCell raw:
                return $"<c r=\"{place}\" {raw.Attributes}>{raw.Content}</c>";
            case Styled styled:
                return $"<c r=\"{place}\" s=\"{styled.Format + StylesBeforeFormats}\"><v>{styled.Number.ToString("R", CultureInfo.InvariantCulture)}</v></c>";
            case Shared shared:
                _shared.Add(shared.Text);
                return $"<c r=\"{place}\" t=\"s\"><v>{_shared.Count - 1}</v></c>";
            case Date date:
                return $"<c r=\"{place}\" s=\"1\"><v>{date.Days.ToString("R", CultureInfo.InvariantCulture)}</v></c>";
            case double number:
                return $"<c r=\"{place}\"><v>{number.ToString("R", CultureInfo.InvariantCulture)}</v></c>";
            default:
                return $"<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape((string)value)}</t></is></c>";
        }
    }

    /// <summary>Writes a size into the central directory of the archive, because readers use the size there.</summary>
    private static void Declare(byte[] zip, ReadOnlySpan<byte> name, int size)
    {
        const int BeforeName = 46,
            OfSize = 24;
        var at = zip.AsSpan().LastIndexOf(name) - BeforeName;
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(at + OfSize), size);
    }
}
