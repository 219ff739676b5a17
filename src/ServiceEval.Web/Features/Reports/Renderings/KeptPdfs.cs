using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Files;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Keeps printed PDFs as files in the data directory. A file name depends on the report's content, the texts of its
/// quotes and the program that laid it out. After a comment is erased or the program is replaced, the file with the old
/// name is not served any more, and the next cleanup removes it. Each node has its own files. They can be lost at any
/// time.
/// </summary>
public sealed partial class KeptPdfs(IOptions<ServiceEvalOptions> options, ILogger<KeptPdfs> logger)
{
    private const string Ending = ".pdf";
    private const int Shortened = 32;

    private static readonly string Program = typeof(KeptPdfs).Module.ModuleVersionId.ToString("N");

    private string Folder => Path.Combine(options.Value.DataPath, "pdf");

    /// <param name="quotes">The report's quotes with their current texts.</param>
    public static string NameOf(WeeklyReport report, IReadOnlyList<Quote> quotes)
    {
        var content =
            $"{Program}\n{report.ContentHash}\n{string.Join('\n', quotes.Select(q => $"{q.Commitment} {q.Text}"))}";
        return $"{Hash(report.Id)}-{Hash(content)}";
    }

    /// <summary>Returns the PDF, or null if the file does not exist or cannot be read.</summary>
    public async Task<byte[]?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            return File.Exists(PathOf(name)) ? await File.ReadAllBytesAsync(PathOf(name), ct) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRead(logger, e, PathOf(name));
            return null;
        }
    }

    /// <summary>
    /// Stores a PDF, so that a crash leaves no incomplete file under this name. Earlier PDFs of the same report are
    /// removed.
    /// </summary>
    public async Task KeepAsync(string name, byte[] pdf, CancellationToken ct)
    {
        try
        {
            DataDirectory.Create(Folder);
            using var file = new AtomicFile(PathOf(name));
            await File.WriteAllBytesAsync(file.Unfinished, pdf, ct);
            file.Commit(overwrite: true);
            Remove($"{name[..Shortened]}-*", path => path != PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, e, PathOf(name));
        }
    }

    /// <summary>
    /// Removes all other files, including the files that a crash left. A file that is being written has a temporary
    /// name and can be removed too. Its PDF is printed again when it is requested.
    /// </summary>
    public void KeepOnly(IReadOnlySet<string> names) =>
        Remove(
            "*",
            path =>
                !names.Contains(Path.GetFileNameWithoutExtension(path))
                || !path.EndsWith(Ending, StringComparison.Ordinal)
        );

    private void Remove(string pattern, Func<string, bool> which)
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var path in Directory.EnumerateFiles(Folder, pattern).Where(which).ToList())
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.NotRemoved(logger, e, path);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(Folder, name + Ending);

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Shortened];

    private static partial class Log
    {
        [LoggerMessage(
            4011,
            LogLevel.Warning,
            "The PDF {Path} could not be stored; it is printed again when it is requested"
        )]
        public static partial void NotKept(ILogger logger, Exception exception, string path);

        [LoggerMessage(4012, LogLevel.Warning, "The PDF {Path} could not be read; it is printed again")]
        public static partial void NotRead(ILogger logger, Exception exception, string path);

        [LoggerMessage(
            4013,
            LogLevel.Warning,
            "The PDF {Path} could not be removed; it may contain a comment that was erased"
        )]
        public static partial void NotRemoved(ILogger logger, Exception exception, string path);
    }
}
