using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Keeps the ticket keys in a server's database for all nodes that share it. A ticket of one node is valid at every
/// other node.
/// </summary>
public sealed class TicketKeyTable(IDbContextFactory<ServiceEvalDb> databases) : TicketKeyStore
{
    // A citizen waits for this query, and so do the citizens after that one.
    private const int SecondsToAnswer = 2;

    public override string Name => "数据库里的票据密钥（表 TicketKeys）";

    public override bool IsMissing
    {
        get
        {
            using var db = Open();
            return !db.TicketKeys.Any();
        }
    }

    public override string OnMissing =>
        "已有评价，但数据库里没有票据密钥（表 TicketKeys 是空的）。请从备份恢复这张表，否则此前打开的评价页面、重复提交和已给出的回执将无法核对。";

    public override IReadOnlyList<TicketKey> Load()
    {
        using var db = Open();
        IReadOnlyList<TicketKey> keys =
        [
            .. db.TicketKeys.AsNoTracking().OrderBy(k => k.Id).Select(k => new TicketKey(k.Id, k.Secret, k.CreatedAt)),
        ];
        return IsSound(keys)
            ? keys
            : throw new OperatorException(
                "数据库里的票据密钥（表 TicketKeys）缺了几行。请从备份恢复这张表，否则以前的回执将无法核对。"
            );
    }

    public override IReadOnlyList<TicketKey> Extend(Func<IReadOnlyList<TicketKey>, IReadOnlyList<TicketKey>> extend)
    {
        var kept = Load();
        var longer = extend(kept);
        if (longer.Count == kept.Count)
            return longer;
        using var db = Open();
        db.TicketKeys.AddRange(
            longer
                .Skip(kept.Count)
                .Select(k => new StoredTicketKey
                {
                    Id = k.Id,
                    Secret = k.Secret,
                    CreatedAt = k.CreatedAt,
                })
        );
        try
        {
            db.SaveChanges();
            return longer;
        }
        catch (DbUpdateException) when (Load() is var others && others.Count > kept.Count)
        {
            // Another node has created that key first.
            return others;
        }
    }

    private ServiceEvalDb Open()
    {
        var db = databases.CreateDbContext();
        db.Database.SetCommandTimeout(SecondsToAnswer);
        return db;
    }
}
