using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace ServiceEval.Tests.Exchange;

/// <summary>A text that the workbook keeps among its shared ones, as Excel does.</summary>
internal sealed record Shared(string Text);

/// <summary>A number that is shown as a time.</summary>
internal sealed record Date(double Days);

/// <summary>A workbook written part by part, as Excel or somebody worse would; null is no cell.</summary>
internal sealed class OldWorkbook(params IReadOnlyList<object?>[] rows)
{
    public static readonly IReadOnlyList<object?> Header = Importing.Header.Split(',');

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private readonly List<string> _shared = [];

    /// <summary>Bytes of empty rows below the others.</summary>
    public long Filler { get; set; }
    public int EmptyParts { get; set; }

    /// <summary>What the archive says of the sheet's size; null for the truth.</summary>
    public int? DeclaredSheet { get; set; }
    public string DocumentType { get; set; } = "";

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
            Add(zip, "xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheets><sheet name=\"评价\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            Add(zip, "xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
            Add(zip, "xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>");
            AddSheet(zip);
            Add(zip, "xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{string.Concat(_shared.Select(s => $"<si><t xml:space=\"preserve\">{SecurityElement.Escape(s)}</t></si>"))}</sst>");
            for (var i = 0; i < EmptyParts; i++) Add(zip, $"xl/media/{i}", "");
        }
        var bytes = file.ToArray();
        if (DeclaredSheet is { } size) Declare(bytes, "xl/worksheets/sheet1.xml"u8, size);
        return bytes;
    }

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var part = new StreamWriter(zip.CreateEntry(name).Open());
        part.Write(content);
    }

    private void AddSheet(ZipArchive zip)
    {
        using var part = new StreamWriter(zip.CreateEntry("xl/worksheets/sheet1.xml").Open());
        part.Write($"{DocumentType}<worksheet xmlns=\"{Main}\"><dimension ref=\"A1:XFD1048576\"/><sheetData>");
        for (var r = 0; r < rows.Length; r++)
        {
            part.Write($"<row r=\"{r + 1}\">{string.Concat(rows[r].Select((cell, c) => Cell($"{(char)('A' + c)}{r + 1}", cell)))}</row>");
        }
        const string Empty = "<row></row>";
        for (var written = 0L; written < Filler; written += Empty.Length) part.Write(Empty);
        part.Write("</sheetData></worksheet>");
    }

    private string Cell(string place, object? value)
    {
        switch (value)
        {
            case null: return "";
            case Shared shared:
                _shared.Add(shared.Text);
                return $"<c r=\"{place}\" t=\"s\"><v>{_shared.Count - 1}</v></c>";
            case Date date: return $"<c r=\"{place}\" s=\"1\"><v>{date.Days.ToString("R", CultureInfo.InvariantCulture)}</v></c>";
            case double number: return $"<c r=\"{place}\"><v>{number.ToString("R", CultureInfo.InvariantCulture)}</v></c>";
            default: return $"<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape((string)value)}</t></is></c>";
        }
    }

    /// <summary>In the archive's directory, where it is believed.</summary>
    private static void Declare(byte[] zip, ReadOnlySpan<byte> name, int size)
    {
        const int BeforeName = 46, OfSize = 24;
        var at = zip.AsSpan().LastIndexOf(name) - BeforeName;
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(at + OfSize), size);
    }
}
