using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>Reads a backup. It checks every file against the manifest and trusts nothing else.</summary>
internal sealed class BackupReader : IAsyncDisposable
{
    private const int MostManifestBytes = 16 << 20;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly TarReader _tar;

    private BackupReader(string path)
    {
        _path = path;
        _file = File.OpenRead(path);
        _tar = new TarReader(_file, leaveOpen: true);
    }

    public BackupManifest Manifest { get; private set; } = null!;

    /// <exception cref="OperatorException">The file is missing, unreadable or not a backup, or a newer program made
    /// it.</exception>
    public static async Task<BackupReader> OpenAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            throw new OperatorException($"没有文件 {path}。");
        var reader = Open(path);
        try
        {
            reader.Manifest = await reader.ReadManifestAsync(ct);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private static BackupReader Open(string path)
    {
        try
        {
            return new(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{path} 读不了：{FileFaults.Reason(e)}。", e);
        }
    }

    /// <summary>
    /// Extracts all files and checks each against the manifest. If it throws, no extracted file may be used.
    /// </summary>
    /// <param name="place">Returns the path to write to for a file's name.</param>
    /// <exception cref="OperatorException">A file is missing, unexpected, or different from the file that was backed
    /// up.</exception>
    public async Task ExtractAsync(Func<string, string> place, CancellationToken ct)
    {
        try
        {
            var missing = Manifest.Files.ToDictionary(f => f.Name);
            while (await _tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (!missing.Remove(entry.Name, out var described))
                    throw Damaged($"多出 {entry.Name}");
                await ExtractAsync(entry, described, place(entry.Name), ct);
            }
            if (missing.Count > 0)
                throw Damaged($"缺少 {missing.Keys.First()}");
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException)
        {
            throw Damaged("文件不完整", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tar.DisposeAsync();
        await _file.DisposeAsync();
    }

    private async Task<BackupManifest> ReadManifestAsync(CancellationToken ct)
    {
        try
        {
            var first = await _tar.GetNextEntryAsync(copyData: false, ct);
            if (first is not { Name: BackupManifest.OwnName, Length: <= MostManifestBytes, DataStream: { } content })
                throw Foreign(null);
            var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(content, Json.Options, ct);
            if (manifest?.Format != BackupManifest.FormatName)
                throw Foreign(null);
            if (manifest.Version > BackupManifest.NewestVersion)
                throw new OperatorException(
                    $"{_path} 是由更新版本的程序（{manifest.Program}）备份的，没有恢复；请用那个版本或更新的程序。"
                );
            return manifest.IsComplete ? manifest : throw Foreign(null);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException or JsonException)
        {
            throw Foreign(e);
        }
    }

    private async Task ExtractAsync(TarEntry entry, BackedUpFile described, string path, CancellationToken ct)
    {
        if (entry.Length != described.Bytes)
            throw Damaged($"{described.Name} 的大小不对");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, AtomicFile.NewFile());
        // An empty file has no DataStream.
        if (entry.DataStream is { } content)
        {
            var buffer = new byte[1 << 20];
            while (await content.ReadAsync(buffer, ct) is > 0 and var read)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        file.Flush(flushToDisk: true);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != described.Sha256)
            throw Damaged($"{described.Name} 的内容与备份时不同");
    }

    private OperatorException Foreign(Exception? inner) =>
        new($"{_path} 不是 ServiceEval 的备份文件，或者已经损坏，没有恢复；请换一份备份。", inner);

    private OperatorException Damaged(string how, Exception? inner = null) =>
        new($"备份文件 {_path} 已损坏（{how}），没有恢复任何内容；请换一份备份。", inner);
}
