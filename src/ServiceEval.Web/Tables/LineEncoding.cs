using System.Collections;
using System.Text;
using System.Text.Unicode;

namespace ServiceEval.Web.Tables;

/// <summary>The encodings that a line's bytes can have.</summary>
internal enum LineEncoding
{
    Ascii,
    Utf8,
    Gb18030,

    /// <summary>Valid in both UTF-8 and GB18030, and not clearly everyday Chinese text in UTF-8.</summary>
    Either,
    Neither,
}
