using System.Net;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Upkeep;

namespace ServiceEval.Tests.Upkeep;

public sealed class NightlyBackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The clock shows 10:00 in the hall, so last night's backup was missed.</summary>
    [Fact]
    public async Task A_missed_night_is_made_up_for_at_the_start_and_only_once()
    {
        using var folder = new Folder();
        await using var host = await TestHost.StartAsync(("ServiceEval:Backup:Directory", folder.Path));
        await UntilOneMoreThanAsync(0, folder);
        Assert.Equal(["serviceeval-20261118T020000Z.tar"], Names(folder));

        var nightly = host.Part<NightlyBackup>();
        host.Clock.Advance(TimeSpan.FromHours(16));
        await nightly.RunAsync(Ct);
        Assert.Single(Names(folder));
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        await nightly.RunAsync(Ct);
        Assert.Equal(["serviceeval-20261118T020000Z.tar", "serviceeval-20261118T183000Z.tar"], Names(folder));

        var restored = Path.Combine(folder.Path, "restored");
        await BackingUpTests.SayAsync(
            restored,
            "restore",
            Path.Combine(folder.Path, "serviceeval-20261118T183000Z.tar")
        );
    }

    [Fact]
    public async Task A_backup_from_the_future_does_not_pass_for_last_nights()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "serviceeval-20400101T000000Z.tar"), "", Ct);
        await using var host = await TestHost.StartAsync(("ServiceEval:Backup:Directory", folder.Path));
        await UntilOneMoreThanAsync(1, folder);
        Assert.Equal(["serviceeval-20261118T020000Z.tar", "serviceeval-20400101T000000Z.tar"], Names(folder));
    }

    [Fact]
    public async Task The_oldest_own_backups_are_removed_and_other_files_stay()
    {
        using var folder = new Folder();
        string[] others = ["serviceeval-before-move.tar", "serviceeval-20200101T000000Z.tar.gz", "other.txt"];
        foreach (var other in others)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, other), "", Ct);
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Backup:Directory", folder.Path),
            ("ServiceEval:Backup:Keep", "2")
        );
        await UntilOneMoreThanAsync(others.Length, folder);
        for (var night = 0; night < 3; night++)
        {
            host.Clock.Advance(TimeSpan.FromDays(1));
            await host.Part<NightlyBackup>().RunAsync(Ct);
        }
        Assert.Equal(
            [
                .. others
                    .Append("serviceeval-20261120T020000Z.tar")
                    .Append("serviceeval-20261121T020000Z.tar")
                    .Order(StringComparer.Ordinal),
            ],
            Names(folder)
        );
    }

    [Fact]
    public async Task A_missing_backup_directory_is_not_created_and_does_not_stop_the_host()
    {
        using var folder = new Folder();
        var missing = Path.Combine(folder.Path, "not-mounted");
        await using var host = await TestHost.StartAsync(("ServiceEval:Backup:Directory", missing));
        await host.Part<NightlyBackup>().RunAsync(Ct);
        Assert.False(Directory.Exists(missing));
        using var ready = await host.Client.GetAsync("/healthz/ready", Ct);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    /// <summary>
    /// Waits until there is one backup more than <paramref name="count"/>. The host starts the first run.
    /// </summary>
    private static async Task UntilOneMoreThanAsync(int count, Folder folder)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (Names(folder).Length <= count)
            await Task.Delay(20, patience.Token);
    }

    private static string[] Names(Folder folder) =>
        [
            .. Directory
                .GetFiles(folder.Path)
                .Select(Path.GetFileName)
                .Where(name => name![0] != '.')
                .Order(StringComparer.Ordinal)!,
        ];
}
