using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ratings;

/// <summary>One given grade. It is append-only. Its id is the id of its ticket, so a retry is harmless.</summary>
public sealed class Rating : ILedgerEntry, ICounted
{
    internal Rating() { }

    public Guid Id { get; private init; }
    public int WindowId { get; private init; }

    /// <summary>The department that owned the window at that time; 0 if there was none.</summary>
    public int DepartmentId { get; private init; }
    public Tier Tier { get; private init; }
    public Channel Channel { get; private init; }
    public Standing Standing { get; private init; } = Standing.Counted;

    /// <summary>The grade as it was given. A <see cref="Correction"/> replaces it in every figure.</summary>
    public Grade Grade { get; private init; }

    /// <summary>The time at which the citizen gave the grade, to the millisecond.</summary>
    public DateTimeOffset GivenAt { get; private init; }

    /// <summary>The date of the hall at <see cref="GivenAt"/>.</summary>
    public DateOnly LocalDate { get; private init; }

    /// <summary>The hour of the hall at <see cref="GivenAt"/>, 0–23.</summary>
    public byte LocalHour { get; private init; }

    /// <summary>The time at which the service received the rating, to the millisecond.</summary>
    public DateTimeOffset ReceivedAt { get; private init; }

    /// <summary>The SHA-256 of the citizen's receipt, 32 bytes. The receipt itself is never stored.</summary>
    public byte[] ReceiptHash { get; private init; } = [];

    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; private set; } = [];

    /// <summary>Checks the values of a new rating and seals the rating with its leaf.</summary>
    /// <exception cref="ArgumentException">The grade, tier or channel does not exist, the receipt hash does not have 32
    /// bytes, the id is empty, or the window id or department id is out of range.</exception>
    public static Rating Give(
        Guid id,
        int windowId,
        int departmentId,
        Tier tier,
        Channel channel,
        Grade grade,
        DateTimeOffset givenAt,
        TimeZoneInfo zone,
        DateTimeOffset receivedAt,
        byte[] receiptHash
    )
    {
        if (id == Guid.Empty)
            throw new ArgumentException("A rating must have an id.", nameof(id));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowId);
        ArgumentOutOfRangeException.ThrowIfNegative(departmentId);
        if (!grade.IsDefined())
            throw new ArgumentOutOfRangeException(nameof(grade), grade, "The grade must be one of the five.");
        if (tier is < Tier.Visit or > Tier.Imputed)
            throw new ArgumentOutOfRangeException(nameof(tier), tier, "The tier does not exist.");
        if (channel is < Channel.Pc or > Channel.Paper)
            throw new ArgumentOutOfRangeException(nameof(channel), channel, "The channel does not exist.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(receiptHash.Length, 32);

        var local = TimeZoneInfo.ConvertTime(givenAt, zone);
        return Restore(
            id,
            windowId,
            departmentId,
            tier,
            channel,
            Standing.Counted,
            grade,
            givenAt.ToMilliseconds(),
            DateOnly.FromDateTime(local.DateTime),
            (byte)local.Hour,
            receivedAt.ToMilliseconds(),
            receiptHash,
            leaf: null
        );
    }

    /// <summary>
    /// Makes a rating from the values of its row. The leaf is computed if <paramref name="leaf"/> is null.
    /// </summary>
    public static Rating Restore(
        Guid id,
        int windowId,
        int departmentId,
        Tier tier,
        Channel channel,
        Standing standing,
        Grade grade,
        DateTimeOffset givenAt,
        DateOnly localDate,
        byte localHour,
        DateTimeOffset receivedAt,
        byte[] receiptHash,
        byte[]? leaf,
        long block = 0,
        int index = 0
    )
    {
        var rating = new Rating
        {
            Id = id,
            WindowId = windowId,
            DepartmentId = departmentId,
            Tier = tier,
            Channel = channel,
            Standing = standing,
            Grade = grade,
            GivenAt = givenAt,
            LocalDate = localDate,
            LocalHour = localHour,
            ReceivedAt = receivedAt,
            ReceiptHash = receiptHash,
            Block = block,
            Index = index,
        };
        rating.Leaf = leaf ?? LeafEncoding.Of(rating);
        return rating;
    }
}
