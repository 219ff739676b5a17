using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Upkeep;

/// <summary>A damaged backup must restore nothing.</summary>
public sealed class DamagedBackupTests : IAsyncLifetime
{
    private readonly Folder _folder = new();

    private string Backup => Path.Combine(_folder.Path, "backup.tar");
    private string Restored => Path.Combine(_folder.Path, "restored");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        // The host records the ledger head when it stops.
        await host.StopAsync();
        await BackingUpTests.SayAsync(host.DataDirectory, "backup", Backup);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public async Task A_backup_that_was_cut_off_is_refused(int length)
    {
        await using (var file = new FileStream(Backup, FileMode.Open))
            file.SetLength(length);
        await AssertRefusedAsync("没有恢复");
    }

    [Theory]
    [InlineData("serviceeval.db")]
    [InlineData("keys/ticket-keys.json")]
    [InlineData("heads.log")]
    public async Task A_byte_that_changed_is_noticed(string entry)
    {
        await RewriteAsync(
            (name, content) =>
            {
                if (name == entry)
                    content[content.Length / 2] ^= 1;
                return content;
            }
        );
        await AssertRefusedAsync("内容与备份时不同");
    }

    [Theory]
    [InlineData("serviceeval.db")]
    [InlineData("keys/ticket-keys.json")]
    public async Task A_file_that_is_missing_is_named(string entry)
    {
        await RewriteAsync((name, content) => name == entry ? null : content);
        await AssertRefusedAsync(entry);
    }

    [Fact]
    public async Task A_file_too_many_is_named()
    {
        await RewriteAsync((_, content) => content, ("extra.txt", "more"u8.ToArray()));
        await AssertRefusedAsync("extra.txt");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("keys/../../outside")]
    [InlineData("elsewhere.db")]
    public async Task No_name_leads_out_of_the_data_directory(string name)
    {
        await RewriteManifestAsync(manifest => manifest["files"]![1]!["name"] = name);
        await AssertRefusedAsync("不是 ServiceEval 的备份文件");
    }

    [Fact]
    public async Task A_later_programs_backup_is_refused_and_its_version_is_named()
    {
        await RewriteManifestAsync(manifest => manifest["migrations"]!.AsArray().Add("29990101000000_Later"));
        await AssertRefusedAsync("29990101000000_Later");
        await RewriteManifestAsync(manifest => manifest["version"] = 2);
        await AssertRefusedAsync("更新版本的程序");
    }

    [Fact]
    public async Task An_invalid_ledger_head_is_refused()
    {
        await RewriteManifestAsync(manifest => manifest["ledger"]!["hash"] = "none");
        await AssertRefusedAsync("不是 ServiceEval 的备份文件");
    }

    /// <summary>The hashes of the backup are correct, but its database cannot be served.</summary>
    [Fact]
    public async Task A_file_that_is_not_a_database_leaves_nothing_behind()
    {
        var garbage = Enumerable.Repeat((byte)0x5a, 8_192).ToArray();
        await RewriteManifestAsync(manifest =>
        {
            var database = manifest["files"]!
                .AsArray()
                .Single(f => f!["name"]!.GetValue<string>() == "serviceeval.db")!;
            database["bytes"] = garbage.Length;
            database["sha256"] = Convert.ToHexStringLower(SHA256.HashData(garbage));
        });
        await RewriteAsync((name, content) => name == "serviceeval.db" ? garbage : content);
        await AssertRefusedAsync("没有恢复任何内容");
    }

    [Fact]
    public async Task What_is_no_backup_is_refused()
    {
        await File.WriteAllTextAsync(Backup, new string('x', 2_000), Ct);
        await AssertRefusedAsync("不是 ServiceEval 的备份文件");
        await RewriteTarAsync([("readme.txt", "hello"u8.ToArray())]);
        await AssertRefusedAsync("不是 ServiceEval 的备份文件");
    }

    private async Task AssertRefusedAsync(string why)
    {
        await BackingUpTests.RefusedAsync(why, Restored, "restore", Backup);
        Assert.Empty(Directory.Exists(Restored) ? Directory.EnumerateFileSystemEntries(Restored) : []);
    }

    private Task RewriteManifestAsync(Action<JsonNode> change) =>
        RewriteAsync(
            (name, content) =>
            {
                if (name != "manifest.json")
                    return content;
                var manifest = JsonNode.Parse(content)!;
                change(manifest);
                return System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString());
            }
        );

    /// <param name="change">Returns the new content; null removes the entry.</param>
    private async Task RewriteAsync(Func<string, byte[], byte[]?> change, params (string Name, byte[] Content)[] more)
    {
        var entries = new List<(string Name, byte[] Content)>();
        await using (var file = File.OpenRead(Backup))
        await using (var tar = new TarReader(file))
        {
            while (await tar.GetNextEntryAsync(copyData: true, Ct) is { } entry)
            {
                using var content = new MemoryStream();
                if (entry.DataStream is { } data)
                    await data.CopyToAsync(content, Ct);
                if (change(entry.Name, content.ToArray()) is { } changed)
                    entries.Add((entry.Name, changed));
            }
        }
        await RewriteTarAsync([.. entries, .. more]);
    }

    private async Task RewriteTarAsync(IEnumerable<(string Name, byte[] Content)> entries)
    {
        await using var file = File.Create(Backup);
        await using var tar = new TarWriter(file);
        foreach (var (name, content) in entries)
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) },
                Ct
            );
    }
}
