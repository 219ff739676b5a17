// The byte encodings of FORMAT.md (src/ServiceEval.Core/Ledger), written from that text and not from our C# code.
import { createHash, createPublicKey, verify } from "node:crypto";

export const LEAF_VERSION = 1;
export const BLOCK_ALGORITHM = 1;
export const KEY_ALGORITHM = 1;
const LEAF = 0x00;
const NODE = 0x01;
const BLOCK = 0x02;
const COMMITMENT = 0x03;
const SIGNATURE = 0x04;

const MS_PER_DAY = 86_400_000;
const LAST_MILLISECOND = 253_402_300_799_999;
const FIRST_DAY = Date.UTC(2000, 0, 1) / MS_PER_DAY - 730_119; // 2000-01-01 is day 730,119.
export const PUBLIC_KEY_LENGTH = 91;

/** A value that has no encoding. */
export class ValueError extends Error {}

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

function whole(value, from, to, name) {
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!isWhole || value < from || value > to) throw new ValueError(`${name} is not a number from ${from} to ${to}`);
  return value;
}

function byte(value, name) {
  return Buffer.of(Number(whole(value, 0, 255, name)));
}

function int32(value, name) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Number(whole(value, -(2 ** 31), 2 ** 31 - 1, name)));
  return bytes;
}

function int64(value, name) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(whole(value, 0n, 2n ** 63n - 1n, name)));
  return bytes;
}

const time = (value, name) => int64(whole(value, 0, LAST_MILLISECOND, name), name);

/** Reads bytes that the dump writes in hexadecimal digits. */
export function hex(value, length, name) {
  if (typeof value !== "string" || value.length !== 2 * length || !/^[0-9a-f]*$/i.test(value))
    throw new ValueError(`${name} is not ${length} bytes in hexadecimal`);
  return Buffer.from(value, "hex");
}

function utf8(value, name) {
  if (typeof value !== "string") throw new ValueError(`${name} is not a text`);
  return Buffer.from(value, "utf8");
}

/** Returns the number of days from 0001-01-01, which is day 0. */
function day(value, name) {
  const at = /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : new Date(NaN);
  const exists = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) && at.getUTCFullYear() >= 1;
  if (!exists) throw new ValueError(`${name} is not a date`);
  return int32(at.getTime() / MS_PER_DAY - FIRST_DAY, name);
}

const withLength = (bytes) => [int32(bytes.length), bytes];

function commitment(value) {
  return value === null ? [byte(0)] : [byte(1), hex(value, 32, "CommentCommitment")];
}

const KINDS = {
  Ratings: {
    number: 1,
    key: "Id",
    fields: (r) => [
      hex(r.Id, 16, "Id"),
      int32(r.WindowId, "WindowId"),
      int32(r.DepartmentId, "DepartmentId"),
      byte(r.Tier, "Tier"),
      byte(r.Channel, "Channel"),
      byte(r.Grade, "Grade"),
      time(r.GivenAt, "GivenAt"),
      day(r.LocalDate, "LocalDate"),
      byte(r.LocalHour, "LocalHour"),
      time(r.ReceivedAt, "ReceivedAt"),
      hex(r.ReceiptHash, 32, "ReceiptHash"),
    ],
  },
  Corrections: {
    number: 2,
    key: "RatingId",
    fields: (c) => [
      hex(c.RatingId, 16, "RatingId"),
      byte(c.ReplacedGrade, "ReplacedGrade"),
      byte(c.Grade, "Grade"),
      time(c.CorrectedAt, "CorrectedAt"),
    ],
  },
  RatingDetails: {
    number: 3,
    key: "RatingId",
    fields: (d) => [
      hex(d.RatingId, 16, "RatingId"),
      byte(d.Grade, "Grade"),
      int32(d.ItemId, "ItemId"),
      int32(d.DepartmentId, "DepartmentId"),
      ...withLength(utf8(d.Tags, "Tags")),
      ...commitment(d.CommentCommitment),
      time(d.GivenAt, "GivenAt"),
    ],
  },
  LedgerKeys: {
    number: 6,
    key: "Id",
    fields: (k) => [
      int32(k.Id, "Id"),
      byte(k.Algorithm, "Algorithm"),
      ...withLength(hex(k.PublicKey, PUBLIC_KEY_LENGTH, "PublicKey")),
      ...withLength(utf8(k.Name, "Name")),
      int32(k.Replaces, "Replaces"),
      time(k.AdmittedAt, "AdmittedAt"),
    ],
  },
};

export const isEntryTable = (table) => Object.hasOwn(KINDS, table);

/** Returns the column that names the row of an entry. */
export const keyOf = (table) => KINDS[table].key;

/** Returns the bytes whose SHA-256 is the leaf. */
export function leafBytes(table, row) {
  const { number, fields } = KINDS[table];
  return Buffer.concat([Buffer.of(LEAF, LEAF_VERSION, number), ...fields(row)]);
}

export const leafOf = (table, row) => sha256(leafBytes(table, row));

/** The tree head of RFC 9162, section 2.1.1, as the recursive definition says it. */
export function merkleRoot(leaves) {
  if (leaves.length === 0) throw new ValueError("a block has at least one entry");
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(NODE), merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

export function commitmentTo(salt, text) {
  return sha256(Buffer.of(COMMITMENT), hex(salt, 16, "CommentSalt"), utf8(text, "Comment"));
}

export function blockHash(previousHash, block) {
  return sha256(
    Buffer.of(BLOCK, BLOCK_ALGORITHM),
    int64(block.Sequence, "Sequence"),
    previousHash,
    hex(block.Root, 32, "Root"),
    int32(block.Count, "Count"),
    time(block.CommittedAt, "CommittedAt"),
  );
}

/** Returns the message that the key signs. ECDSA with SHA-256 hashes it once more. */
export const signedMessage = (hash) => Buffer.concat([Buffer.of(SIGNATURE, KEY_ALGORITHM), hash]);

export const signedDigest = (hash) => sha256(signedMessage(hash));

export function isSignature(signature, hash, publicKey) {
  try {
    const key = createPublicKey({ key: publicKey, format: "der", type: "spki" });
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") return false;
    return verify("sha256", signedMessage(hash), { key, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false; // The bytes are not a public key.
  }
}

export const fingerprintOf = (publicKey) => sha256(publicKey).toString("hex");
