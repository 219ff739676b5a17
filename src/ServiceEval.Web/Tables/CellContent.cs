using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>
/// The value or text of a cell or a shared string. It leaves out the phonetic guides (拼音) that Excel stores beside the
/// text.
/// </summary>
internal readonly record struct CellContent(string Text, bool IsFormula)
{
    /// <summary>Reads the content of an element. Leaves the reader on its end element.</summary>
    public static CellContent Read(XmlReader reader)
    {
        if (reader.IsEmptyElement)
            return new("", false);
        var text = new StringBuilder();
        var (depth, isFormula, isText, reading) = (reader.Depth, false, false, int.MaxValue);
        while (reader.Read() && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    isText = reader.LocalName is "v" or "t" && reader.Depth <= reading && !reader.IsEmptyElement;
                    isFormula |= reader.LocalName == "f";
                    if (reader.LocalName == "rPh" && !reader.IsEmptyElement)
                        reading = reader.Depth;
                    break;
                case XmlNodeType.EndElement:
                    isText = false;
                    if (reader.Depth == reading)
                        reading = int.MaxValue;
                    break;
                case XmlNodeType.Text
                or XmlNodeType.CDATA
                or XmlNodeType.SignificantWhitespace
                or XmlNodeType.Whitespace when isText:
                    text.Append(reader.Value);
                    break;
            }
        }
        // Excel writes a control character as _x000D_, and writes an underscore as _x005F_ if it comes before such a
        // sequence. Half a surrogate pair can be written in the same way, but a text must not contain one.
        var raw = text.ToString();
        return new(
            raw.Contains("_x", StringComparison.Ordinal)
                ? string.Concat(XmlConvert.DecodeName(raw).EnumerateRunes())
                : raw,
            isFormula
        );
    }
}
