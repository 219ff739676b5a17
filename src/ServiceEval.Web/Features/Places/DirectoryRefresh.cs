namespace ServiceEval.Web.Features.Places;

/// <summary>
/// Reads the directory again every few seconds, so that a running host sees what the command line changed.
/// </summary>
internal sealed partial class DirectoryRefresh(HallDirectory directory, ILogger<DirectoryRefresh> logger)
    : BackgroundService
{
    // The changes come from another process, so the interval uses the system clock even if a test replaces the clock.
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
            "The halls and windows could not be read again. The earlier version stays in use"
        )]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
