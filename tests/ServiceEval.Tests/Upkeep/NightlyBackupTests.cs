using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Upkeep;

namespace ServiceEval.Tests.Upkeep;

public sealed partial class NightlyBackupTests
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
            Assert.Single(Directory.GetFiles(folder.Path, "serviceeval-*-20261118T183000Z.tar"))
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
    public async Task Installations_that_share_a_directory_are_all_backed_up_and_remove_only_their_own()
    {
        using var folder = new Folder();
        (string, string)[] settings = [("ServiceEval:Backup:Directory", folder.Path), ("ServiceEval:Backup:Keep", "1")];
        await using var one = await TestHost.StartAsync(settings);
        await UntilOneMoreThanAsync(0, folder);
        var ofOne = Assert.Single(Directory.GetFiles(folder.Path));
        await using var other = await TestHost.StartAsync(settings);
        await UntilOneMoreThanAsync(1, folder);
        var unfinished = Directory.CreateDirectory(
            Path.Combine(folder.Path, $".{Path.GetFileName(ofOne)}.{Guid.CreateVersion7():N}.part")
        );

        other.Clock.Advance(TimeSpan.FromDays(1));
        await other.Part<NightlyBackup>().RunAsync(Ct);

        Assert.Equal(["serviceeval-20261118T020000Z.tar", "serviceeval-20261119T020000Z.tar"], Names(folder));
        Assert.True(File.Exists(ofOne));
        Assert.True(unfinished.Exists);
    }

    [Fact]
    public async Task Backups_of_an_earlier_program_have_no_mark_and_are_known_by_their_ledger()
    {
        using var folder = new Folder();
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Backup:Directory", folder.Path),
            ("ServiceEval:Backup:Keep", "1")
        );
        await using var other = await TestHost.StartAsync();
        foreach (var installation in (TestHost[])[host, other])
            await installation.RateAsync();
        var (own, foreign) = (
            Path.Combine(folder.Path, "serviceeval-20200101T000000Z.tar"),
            Path.Combine(folder.Path, "serviceeval-20200102T000000Z.tar")
        );
        await BackingUpTests.SayAsync(host.DataDirectory, "backup", own);
        await BackingUpTests.SayAsync(other.DataDirectory, "backup", foreign);

        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.Part<NightlyBackup>().RunAsync(Ct);

        Assert.False(File.Exists(own));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public async Task An_old_backup_that_cannot_be_removed_keeps_no_other_from_being_removed()
    {
        using var folder = new Folder();
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Backup:Directory", folder.Path),
            ("ServiceEval:Backup:Keep", "1")
        );
        await UntilOneMoreThanAsync(0, folder);
        var first = Assert.Single(Directory.GetFiles(folder.Path));
        // A mount point cannot be deleted, not even by root.
        if (await OutsideTool.TryAsync("mount", "--bind", first, first) is { } why)
            Assert.Skip($"Mounting is not permitted here: {why}");
        try
        {
            for (var night = 0; night < 2; night++)
            {
                host.Clock.Advance(TimeSpan.FromDays(1));
                await host.Part<NightlyBackup>().RunAsync(Ct);
            }
            Assert.Equal(["serviceeval-20261118T020000Z.tar", "serviceeval-20261120T020000Z.tar"], Names(folder));
        }
        finally
        {
            await OutsideTool.TryAsync("umount", first);
        }
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

    /// <summary>Returns the names of the files, without the marks of their installations.</summary>
    private static string[] Names(Folder folder) =>
        [
            .. Directory
                .GetFiles(folder.Path)
                .Select(Path.GetFileName)
                .Where(name => name![0] != '.')
                .Select(name => Mark().Replace(name!, "-"))
                .Order(StringComparer.Ordinal)!,
        ];

    [GeneratedRegex("-[0-9a-f]{8}-")]
    private static partial Regex Mark();
}
