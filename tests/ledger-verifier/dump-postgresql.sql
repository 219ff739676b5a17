-- Writes a ledger on PostgreSQL as lines of JSON, in the order of the blocks (src/ServiceEval.Core/Ledger/FORMAT.md).
-- To keep comments from the reader, leave out the lines 'Comment' and 'CommentSalt'.
SELECT line
FROM (
    SELECT "Block" AS sequence, "Index"::bigint AS place, jsonb_build_object(
        'table', 'Ratings',
        'Id', encode(uuid_send("Id"), 'hex'),
        'WindowId', "WindowId",
        'DepartmentId', "DepartmentId",
        'Tier', "Tier",
        'Channel', "Channel",
        'Standing', "Standing",
        'Grade', "Grade",
        'GivenAt', trunc(extract(epoch FROM "GivenAt") * 1000),
        'LocalDate', to_char("LocalDate", 'YYYY-MM-DD'),
        'LocalHour', "LocalHour",
        'ReceivedAt', trunc(extract(epoch FROM "ReceivedAt") * 1000),
        'ReceiptHash', encode("ReceiptHash", 'hex'),
        'Leaf', encode("Leaf", 'hex'),
        'Block', "Block",
        'Index', "Index"
    ) AS line
    FROM "Ratings"
    UNION ALL
    SELECT "Block", "Index", jsonb_build_object(
        'table', 'Corrections',
        'RatingId', encode(uuid_send("RatingId"), 'hex'),
        'ReplacedGrade', "ReplacedGrade",
        'Grade', "Grade",
        'CorrectedAt', trunc(extract(epoch FROM "CorrectedAt") * 1000),
        'Leaf', encode("Leaf", 'hex'),
        'Block', "Block",
        'Index', "Index"
    )
    FROM "Corrections"
    UNION ALL
    SELECT "Block", "Index", jsonb_build_object(
        'table', 'RatingDetails',
        'RatingId', encode(uuid_send("RatingId"), 'hex'),
        'Grade', "Grade",
        'ItemId', "ItemId",
        'DepartmentId', "DepartmentId",
        'Tags', "Tags",
        'Comment', "Comment",
        'CommentSalt', encode("CommentSalt", 'hex'),
        'CommentCommitment', encode("CommentCommitment", 'hex'),
        'GivenAt', trunc(extract(epoch FROM "GivenAt") * 1000),
        'Leaf', encode("Leaf", 'hex'),
        'Block', "Block",
        'Index', "Index"
    )
    FROM "RatingDetails"
    UNION ALL
    SELECT "Block", "Index", jsonb_build_object(
        'table', 'LedgerKeys',
        'Id', "Id",
        'Algorithm', "Algorithm",
        'PublicKey', encode("PublicKey", 'hex'),
        'Name', "Name",
        'Replaces', "Replaces",
        'AdmittedAt', trunc(extract(epoch FROM "AdmittedAt") * 1000),
        'Leaf', encode("Leaf", 'hex'),
        'Block', "Block",
        'Index', "Index"
    )
    FROM "LedgerKeys"
    UNION ALL
    -- A block follows its entries.
    SELECT "Sequence", 9223372036854775807, jsonb_build_object(
        'table', 'LedgerBlocks',
        'Sequence', "Sequence",
        'Algorithm', "Algorithm",
        'Root', encode("Root", 'hex'),
        'Count', "Count",
        'CommittedAt', trunc(extract(epoch FROM "CommittedAt") * 1000),
        'Hash', encode("Hash", 'hex'),
        'KeyId', "KeyId",
        'Signature', encode("Signature", 'hex')
    )
    FROM "LedgerBlocks"
    UNION ALL
    -- The head follows everything.
    SELECT 9223372036854775807, 9223372036854775807, jsonb_build_object(
        'table', 'LedgerHead',
        'Id', "Id",
        'Sequence', "Sequence",
        'Hash', encode("Hash", 'hex')
    )
    FROM "LedgerHead"
) AS ledger
ORDER BY sequence, place;
