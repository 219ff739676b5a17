using ServiceEval.Core.Files;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// Removes files that are no longer needed. If that fails, only a warning is logged, because the work before it
/// succeeded or has its own error.
/// </summary>
internal static partial class Leftovers
{
    /// <summary>Deletes a file, or a folder with everything in it. Returns true if it no longer exists.</summary>
    public static bool TryDelete(string path, ILogger logger)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Stays(logger, path, FileFaults.Reason(e), e);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7004, LogLevel.Warning, "{Path} could not be removed: {Why}. Please remove it by hand")]
        public static partial void Stays(ILogger logger, string path, string why, Exception exception);
    }
}
