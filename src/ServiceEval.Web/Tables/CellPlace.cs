using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>Converts between a cell reference such as <c>AB12</c> and a column index that starts at 0.</summary>
internal static class CellPlace
{
    private const int LettersInAlphabet = 26;
    private const int LastColumn = 16_384;

    /// <exception cref="InvalidDataException">The text is not a cell reference.</exception>
    public static int Column(string place)
    {
        var column = 0;
        foreach (var letter in place.TakeWhile(c => c is >= 'A' and <= 'Z' or >= 'a' and <= 'z'))
        {
            column = (column * LettersInAlphabet) + (letter & 0x1F);
            if (column > LastColumn)
                break;
        }
        return column is >= 1 and <= LastColumn
            ? column - 1
            : throw new InvalidDataException($"没有单元格 {Excerpt.Of(place)}");
    }

    public static string Letters(int column)
    {
        var last = (char)('A' + (column % LettersInAlphabet));
        return column < LettersInAlphabet ? last.ToString() : $"{Letters((column / LettersInAlphabet) - 1)}{last}";
    }
}
