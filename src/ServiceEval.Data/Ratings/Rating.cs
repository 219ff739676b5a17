using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.Ratings;

/// <summary>One given grade; append-only. Its id is its ticket's, so giving it again is free.</summary>
public sealed class Rating : ILedgerEntry
{
    private Rating() { }

    public Guid Id { get; private init; }
    public int WindowId { get; private init; }

    /// <summary>The department that owned the window then; 0 for none.</summary>
    public int DepartmentId { get; private init; }
    public Tier Tier { get; private init; }
    public Channel Channel { get; private init; }
    public Standing Standing { get; private init; } = Standing.Counted;

    /// <summary>As given; a <see cref="Correction"/> replaces it in every figure.</summary>
    public Grade Grade { get; private init; }

    /// <summary>When the citizen gave it, to the millisecond.</summary>
    public DateTimeOffset GivenAt { get; private init; }

    /// <summary>The hall's date at <see cref="GivenAt"/>.</summary>
    public DateOnly LocalDate { get; private init; }

    /// <summary>The hall's hour at <see cref="GivenAt"/>, 0–23.</summary>
    public byte LocalHour { get; private init; }

    /// <summary>When it reached us, to the millisecond.</summary>
    public DateTimeOffset ReceivedAt { get; private init; }

    /// <summary>SHA-256 of the citizen's receipt, 32 bytes; the receipt itself is never stored.</summary>
    public byte[] ReceiptHash { get; private init; } = [];

    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; private set; } = [];

    /// <summary>Guards what may be a rating and seals it with its leaf.</summary>
    /// <exception cref="ArgumentException">A grade, tier, channel or receipt hash that does not exist, or a window of
    /// none.</exception>
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
            throw new ArgumentException("A rating needs an id.", nameof(id));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowId);
        ArgumentOutOfRangeException.ThrowIfNegative(departmentId);
        if (!grade.IsDefined())
            throw new ArgumentOutOfRangeException(nameof(grade), grade, "There are five grades.");
        if (tier is < Tier.Visit or > Tier.Imputed)
            throw new ArgumentOutOfRangeException(nameof(tier), tier, "No such tier.");
        if (channel is < Channel.Pc or > Channel.Paper)
            throw new ArgumentOutOfRangeException(nameof(channel), channel, "No such channel.");
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

    /// <summary>A rating as a row holds it; without <paramref name="leaf"/> the leaf is computed.</summary>
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
