using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The rows that were not imported, each with its line and the reason, to be mended and imported as it is. There only
/// if there are such rows; with a mark, so that Excel reads it as UTF-8, and with nothing in it that Excel would run.
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

    /// <summary>As it was named, perhaps relative.</summary>
    public string Path { get; }

    /// <summary>
    /// Where nobody says otherwise: beside the file that is imported, under the first name that is free.
    /// </summary>
    public static IEnumerable<string> NamesBeside(string file)
    {
        yield return $"{file}.rejects.csv";
        for (var number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{file}.rejects-{number}.csv");
    }

    /// <summary>
    /// Under the first of the names that is free. A file that is there may be one in which somebody has mended rows
    /// already: nothing is written over.
    /// </summary>
    /// <exception cref="StartException">None is free, or it can't be written.</exception>
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
                throw new StartException(
                    $"未导入清单 {name} 无法写入：{FileFaults.Reason(e)}，请用 --rejects 另指一个文件，没有导入任何内容。",
                    e
                );
            }
        }
        throw new StartException($"{taken} 已存在，不会覆盖；请用 --rejects 另指一个文件，没有导入任何内容。");
    }

    /// <exception cref="IOException">It can't be written any more.</exception>
    public void Add(FileRow row, string reason)
    {
        _isEmpty = false;
        Write([row.Line.ToString(CultureInfo.InvariantCulture), reason, .. row.Values]);
    }

    /// <exception cref="IOException">It can't be written any more.</exception>
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
            // A device that swallows what is written stays empty, and stays.
            if (_isEmpty)
                File.Delete(_file.Name);
            _writer.Dispose();
        }
        catch (IOException)
        {
            // Said where it was flushed before; this is the way out.
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
        // For its owner only: comments are in it.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private void Write(IReadOnlyList<string> fields)
    {
        foreach (var field in fields)
            _writer.WriteField(Inert.Of(field));
        _writer.NextRecord();
    }
}
