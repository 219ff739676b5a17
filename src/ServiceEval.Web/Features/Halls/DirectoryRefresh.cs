namespace ServiceEval.Web.Features.Halls;

/// <summary>Lets a running host see what the command line changed.</summary>
internal sealed partial class DirectoryRefresh(HallDirectory directory, ILogger<DirectoryRefresh> logger)
    : BackgroundService
{
    // It looks for another process's changes, so it keeps the real clock's pace also where time is faked.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await directory.RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            3001,
            LogLevel.Warning,
            "Halls and windows could not be read anew; the earlier reading stays in use"
        )]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
