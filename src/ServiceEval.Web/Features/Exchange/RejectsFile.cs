using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The rows that were not imported, each with its line and the reason. The operator corrects the rows and imports this
/// file directly. The file exists only if there are such rows. It begins with a byte order mark, so that Excel reads it
/// as UTF-8. It contains nothing that Excel would run as a formula.
/// </summary>
internal sealed class RejectsFile : IDisposable
{
    private static readonly UTF8Encoding MarkedUtf8 = new(encoderShouldEmitUTF8Identifier: true);
    private static readonly IReadOnlyList<string> Header = [.. Columns.OfRejects, .. Columns.Names];

    private readonly FileStream _file;
    private readonly CsvWriter _writer;
    private bool _isEmpty = true;

    private RejectsFile(string path, FileStream file)
    {
        (Path, _file) = (path, file);
        _writer = new CsvWriter(
            new StreamWriter(file, MarkedUtf8, leaveOpen: true),
            new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }
        );
        Write(Header);
    }

    /// <summary>The path as the caller gave it. It may be relative.</summary>
    public string Path { get; }

    /// <summary>Returns the default names. They are beside the imported file; the first free name is used.</summary>
    public static IEnumerable<string> NamesBeside(string file)
    {
        yield return $"{file}.rejects.csv";
        for (var number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{file}.rejects-{number}.csv");
    }

    /// <summary>
    /// Creates the file under the first free name. An existing file is never overwritten, because a person may have
    /// corrected rows in it.
    /// </summary>
    /// <exception cref="OperatorException">No name is free, or the file cannot be written.</exception>
    public static RejectsFile Create(IEnumerable<string> names)
    {
        var taken = "";
        foreach (var name in names)
        {
            try
            {
                return new RejectsFile(name, Open(name));
            }
            catch (IOException) when (File.Exists(name) || Directory.Exists(name))
            {
                taken = name;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new OperatorException(
                    $"未导入清单 {name} 无法写入：{FileFaults.Reason(e)}，请用 --rejects 另指一个文件，没有导入任何内容。",
                    e
                );
            }
        }
        throw new OperatorException($"{taken} 已存在，不会覆盖；请用 --rejects 另指一个文件，没有导入任何内容。");
    }

    /// <exception cref="IOException">The file can no longer be written.</exception>
    public void Add(FileRow row, string reason)
    {
        _isEmpty = false;
        Write([row.Line.ToString(CultureInfo.InvariantCulture), reason, .. row.Values]);
    }

    /// <exception cref="IOException">The file can no longer be written.</exception>
    public void Flush()
    {
        _writer.Flush();
        _file.Flush();
    }

    public void Dispose()
    {
        try
        {
            Flush();
            if (_isEmpty)
                File.Delete(_file.Name);
            _writer.Dispose();
        }
        catch (IOException)
        {
            // An earlier flush has reported this fault. Dispose must not throw.
        }
        _file.Dispose();
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        // Only the owner may read the file, because it contains comments.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private void Write(IReadOnlyList<string> fields)
    {
        foreach (var field in fields)
            _writer.WriteField(FormulaEscaping.Escape(field));
        _writer.NextRecord();
    }
}
