// Compares the encodings of this program with the known answers in test-vectors.json.
import {
  ValueError,
  blockHash,
  commitmentTo,
  fingerprintOf,
  isSignature,
  leafBytes,
  leafOf,
  merkleRoot,
  signedDigest,
} from "./encoding.mjs";
import { Fault, Ledger } from "./ledger.mjs";

/** Returns the number of vectors. */
export function checkVectors({ leaves, commitments, roots, blocks, signatures, ledger }) {
  for (const { name, table, row, bytes, leaf } of leaves) {
    expect(name, bytes, leafBytes(table, row));
    expect(name, leaf, leafOf(table, row));
  }
  for (const { salt, text, commitment } of commitments) expect(`"${text}"`, commitment, commitmentTo(salt, text));
  for (const { leaves, root } of roots) expect(`${leaves.length} leaves`, root, rootOf(leaves));
  for (const { name, previous, block } of blocks) {
    // A number above 2^53 is written as a text, because JSON readers would round it.
    expect(name, block.Hash, blockHash(bytesOf(previous), { ...block, Sequence: BigInt(block.Sequence) }));
  }
  for (const { name, publicKey, fingerprint, hash, digest, signature, valid } of signatures) {
    expect(name, fingerprint, fingerprintOf(bytesOf(publicKey)));
    expect(name, digest, signedDigest(bytesOf(hash)));
    const isValid = isSignature(bytesOf(signature), bytesOf(hash), bytesOf(publicKey));
    if (isValid !== valid) throw wrong(name, `${valid}`, `${isValid}`);
  }
  const followed = new Ledger();
  for (const row of ledger.rows) followed.take(row);
  followed.end();
  if (followed.head !== ledger.head) throw wrong("the ledger", ledger.head, followed.head);
  return leaves.length + commitments.length + roots.length + blocks.length + signatures.length + 1;
}

function rootOf(leaves) {
  try {
    return merkleRoot(leaves.map(bytesOf));
  } catch (e) {
    if (e instanceof ValueError) return null;
    throw e;
  }
}

const bytesOf = (text) => Buffer.from(text, "hex");

function expect(name, expected, bytes) {
  const found = bytes?.toString("hex") ?? null;
  if (found !== expected) throw wrong(name, expected, found);
}

const wrong = (name, expected, found) => new Fault("vector", { table: name }, `${found} instead of ${expected}`);
