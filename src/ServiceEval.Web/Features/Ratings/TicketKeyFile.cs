using System.Text.Json;
using ServiceEval.Core;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Keeps the ticket keys beside a database file, in a file that only the service's own account may read. So a copy of
/// the database alone does not contain the keys.
/// </summary>
public sealed class TicketKeyFile(string dataPath) : TicketKeyStore
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);

    private string Folder => Path.Combine(dataPath, "keys");
    private string FilePath => Path.Combine(Folder, "ticket-keys.json");

    public override string Name => $"票据密钥文件 {FilePath} ";
    public override bool IsMissing => !File.Exists(FilePath);

    public override string OnMissing =>
        $"已有评价，但票据密钥文件 {FilePath} 不见了。请从备份恢复；如确已丢失，新建内容为 [] 的同名文件后再启动，此前打开的评价页面、重复提交和已给出的回执将无法核对。";

    public override IReadOnlyList<TicketKey> Load()
    {
        if (IsMissing)
            return [];
        try
        {
            var keys = JsonSerializer.Deserialize<IReadOnlyList<TicketKey>>(File.ReadAllBytes(FilePath));
            return IsSound(keys) ? keys! : throw Damaged("缺少密钥", null);
        }
        catch (JsonException e)
        {
            throw Damaged(e.Message, e);
        }
    }

    public override IReadOnlyList<TicketKey> Extend(Func<IReadOnlyList<TicketKey>, IReadOnlyList<TicketKey>> extend)
    {
        Directory.CreateDirectory(Folder);
        using var turn = TakeTurn();
        var kept = Load();
        var longer = extend(kept);
        if (longer.Count > kept.Count)
            Save(longer);
        return longer;
    }

    private FileStream TakeTurn()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(
                    Path.Combine(Folder, ".lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < LockPatience)
            {
                Thread.Yield();
            }
        }
    }

    private OperatorException Damaged(string how, Exception? inner) =>
        new($"票据密钥文件 {FilePath} 已损坏（{how}）。请从备份恢复；不要删除，否则以前的回执将无法核对。", inner);

    // After a power cut, a ticket must not exist without its key. The database with its rating may be on another disk.
    private void Save(IReadOnlyList<TicketKey> keys) =>
        OwnerFile.Write(FilePath, JsonSerializer.SerializeToUtf8Bytes(keys), overwrite: true);
}
