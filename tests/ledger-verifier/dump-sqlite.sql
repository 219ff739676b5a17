-- Writes a ledger on SQLite as lines of JSON, in the order of the blocks (src/ServiceEval.Core/Ledger/FORMAT.md).
-- To keep comments from the reader, leave out the lines 'Comment' and 'CommentSalt'.
SELECT Line
FROM (
    SELECT Block AS Sequence, "Index" AS Place, json_object(
        'table', 'Ratings',
        'Id', hex(Id),
        'WindowId', WindowId,
        'DepartmentId', DepartmentId,
        'Tier', Tier,
        'Channel', Channel,
        'Standing', Standing,
        'Grade', Grade,
        'GivenAt', GivenAt,
        'LocalDate', printf('%04d-%02d-%02d', LocalDate / 10000, LocalDate / 100 % 100, LocalDate % 100),
        'LocalHour', LocalHour,
        'ReceivedAt', ReceivedAt,
        'ReceiptHash', hex(ReceiptHash),
        'Leaf', hex(Leaf),
        'Block', Block,
        'Index', "Index"
    ) AS Line
    FROM Ratings
    UNION ALL
    SELECT Block, "Index", json_object(
        'table', 'Corrections',
        'RatingId', hex(RatingId),
        'ReplacedGrade', ReplacedGrade,
        'Grade', Grade,
        'CorrectedAt', CorrectedAt,
        'Leaf', hex(Leaf),
        'Block', Block,
        'Index', "Index"
    )
    FROM Corrections
    UNION ALL
    SELECT Block, "Index", json_object(
        'table', 'RatingDetails',
        'RatingId', hex(RatingId),
        'Grade', Grade,
        'ItemId', ItemId,
        'DepartmentId', DepartmentId,
        'Tags', Tags,
        'Comment', Comment,
        'CommentSalt', iif(CommentSalt IS NULL, NULL, hex(CommentSalt)),
        'CommentCommitment', iif(CommentCommitment IS NULL, NULL, hex(CommentCommitment)),
        'GivenAt', GivenAt,
        'Leaf', hex(Leaf),
        'Block', Block,
        'Index', "Index"
    )
    FROM RatingDetails
    UNION ALL
    SELECT Block, "Index", json_object(
        'table', 'LedgerKeys',
        'Id', Id,
        'Algorithm', Algorithm,
        'PublicKey', hex(PublicKey),
        'Name', Name,
        'Replaces', Replaces,
        'AdmittedAt', AdmittedAt,
        'Leaf', hex(Leaf),
        'Block', Block,
        'Index', "Index"
    )
    FROM LedgerKeys
    UNION ALL
    -- A block follows its entries.
    SELECT Sequence, 9223372036854775807, json_object(
        'table', 'LedgerBlocks',
        'Sequence', Sequence,
        'Algorithm', Algorithm,
        'Root', hex(Root),
        'Count', Count,
        'CommittedAt', CommittedAt,
        'Hash', hex(Hash),
        'KeyId', KeyId,
        'Signature', iif(Signature IS NULL, NULL, hex(Signature))
    )
    FROM LedgerBlocks
    UNION ALL
    -- The head follows everything.
    SELECT 9223372036854775807, 9223372036854775807, json_object(
        'table', 'LedgerHead',
        'Id', Id,
        'Sequence', Sequence,
        'Hash', hex(Hash)
    )
    FROM LedgerHead
)
ORDER BY Sequence, Place;
