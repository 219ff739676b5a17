namespace ServiceEval.Web.Features.Ledger;

/// <summary>A rule that each entry, block and report of our programs keeps.</summary>
/// <param name="Name">The name in verification's JSON.</param>
/// <param name="Broken">The text about an entry, block or report that breaks the rule. It follows the name and
/// place.</param>
internal sealed record Law(string Name, string Broken)
{
    public Fault Fault(string table, string? id, long? block = null, int? index = null) =>
        new(FaultKind.Unlawful, table, id, block, index, Rule: Name);
}

internal static class Laws
{
    public static readonly Law Window = new("windowExists", "属于不存在的窗口、部门或事项");
    public static readonly Law Door = new("tierAndChannel", "的可信层级与渠道不可能同时出现");
    public static readonly Law ReceiptHash = new("receipt", "的回执不是由票据密钥算出的");
    public static readonly Law TicketKeys = new(
        "ticketKeys",
        "不是给出这些回执的票据密钥，群众手里的回执都查不到评价；请换回原来的密钥"
    );
    public static readonly Law TicketLife = new("ticketLife", "的编号不在票据有效期内签发");
    public static readonly Law ReceivedWithBlock = new("timeOfBlock", "的时间与所在区块的时间相差太远");
    public static readonly Law GivenBeforeReceived = new("givenAt", "的评价时间与收到时间不合");
    public static readonly Law LocalTime = new("localTime", "的当地日期和小时与评价时间不合");

    public static readonly Law CorrectionTime = new("correctionTime", "不在可以改选的两分钟内");
    public static readonly Law CorrectionOrder = new("correctionOrder", "排在所改的评价之前");
    public static readonly Law CorrectionTier = new("correctionTier", "改选了不能改选的评价（导入或默认）");
    public static readonly Law CorrectionGrade = new("correctionGrade", "改选前后的等级与评价不合");
    public static readonly Law CorrectedOnce = new("correctedOnce", "是第二次改选");

    public static readonly Law DetailGrade = new("detailGrade", "补充的不是当时有效的等级");
    public static readonly Law DetailTime = new("detailTime", "不在可以补充说明的期限内");
    public static readonly Law DetailOrder = new("detailOrder", "排在所补充的评价之前");
    public static readonly Law DetailOfImport = new("detailOfImport", "补充了导入的评价，而不是与它一同导入");
    public static readonly Law RatingExists = new("ratingExists", "所指的评价不存在");

    public static readonly Law BlockTime = new("blockTime", "的时间早于前一个区块");
    public static readonly Law BlockNoted = new("blockNoted", "的时间与留存的链头、周报或大屏记下的时间不合");
    public static readonly Law BlockSize = new("blockSize", "的条数多于一次提交的上限");

    public static readonly Law Signature = new("signature", "没有账本密钥的有效签名，不是本系统的节点写入的");
    public static readonly Law KeyAdmitted = new(
        "keyAdmitted",
        "不是由当时有效的账本密钥认可的；如果是本单位用 ledger renew 另立的，核对指纹后用 --key 指纹 确认"
    );
    public static readonly Law KeyKept = new("keyKept", "是留存的账本密钥指纹，却不在账本里：账本被别的密钥重新签名");
    public static readonly Law KeyOwn = new(
        "keyOwn",
        "是本机的账本密钥指纹，却不在账本里：账本被别的密钥重新签名，或密钥文件不是这个数据库的"
    );

    public static readonly Law TooMany = new("tooMany", "的行数比本系统会写入的多得多，多出的没有核对");
    public static readonly Law MadeUpPast = new("madeUpPast", "不是演示数据库，却设为在屏幕上显示编造的历史");

    public static readonly Law ReportMissing = new("reportMissing", "不见了，前后的周报或版本都在");
    public static readonly Law ReportMailed = new("reportMailed", "在编制之前就已寄出，或寄出后不见了");
    public static readonly Law ReportOrder = new("reportOrder", "晚于它之后的周报或版本编制");
    public static readonly Law ReportWeek = new("reportWeek", "在那一周结束之前就已编制");

    private static readonly Dictionary<string, Law> ByName = (
        (Law[])
            [
                Window,
                Door,
                ReceiptHash,
                TicketKeys,
                TicketLife,
                ReceivedWithBlock,
                GivenBeforeReceived,
                LocalTime,
                CorrectionTime,
                CorrectionOrder,
                CorrectionTier,
                CorrectionGrade,
                CorrectedOnce,
                DetailGrade,
                DetailTime,
                DetailOrder,
                DetailOfImport,
                RatingExists,
                BlockTime,
                BlockNoted,
                BlockSize,
                Signature,
                KeyAdmitted,
                KeyKept,
                KeyOwn,
                TooMany,
                MadeUpPast,
                ReportMissing,
                ReportMailed,
                ReportOrder,
                ReportWeek,
            ]
    ).ToDictionary(law => law.Name);

    public static string Broken(string? name) =>
        name is not null && ByName.TryGetValue(name, out var law) ? law.Broken : "不合规则";
}
