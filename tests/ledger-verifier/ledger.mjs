// Follows a ledger from its first block: leaves, Merkle roots, hashes, chain, keys and signatures (FORMAT.md).
import {
  BLOCK_ALGORITHM,
  KEY_ALGORITHM,
  PUBLIC_KEY_LENGTH,
  ValueError,
  blockHash,
  commitmentTo,
  fingerprintOf,
  hex,
  isEntryTable,
  isSignature,
  keyOf,
  leafOf,
  merkleRoot,
} from "./encoding.mjs";

const REPLACES_ALL = -1;
const COUNTED = 1;

/** The first thing that is wrong. Its kinds are those of `serviceeval verify`. */
export class Fault extends Error {
  constructor(kind, row, reason) {
    const place = isEntryTable(row.table)
      ? `${row.table} ${String(row[keyOf(row.table)]).toLowerCase()} (block ${row.Block}, index ${row.Index})`
      : `${row.table} ${row.Sequence ?? ""}`.trim();
    super(`${kind} ${place}: ${reason}`);
  }
}

export class Ledger {
  #sequence = 0;
  #hash = Buffer.alloc(32);
  #entries = [];
  #leaves = [];
  #keysOfBlock = [];
  #inForce = new Map();
  #keys = [];
  #hasHead = false;
  #heads;
  #acknowledged;
  counts = { entries: 0, unsigned: 0, withheld: 0 };

  /**
   * @param heads The heads that were kept elsewhere: hash in hexadecimal by sequence.
   * @param acknowledged The fingerprints of renewing keys that the verifying person has checked.
   */
  constructor(heads = new Map(), acknowledged = new Set()) {
    this.#heads = new Map(heads);
    this.#acknowledged = acknowledged;
    this.#compareWithKept({ table: "LedgerBlocks", Sequence: 0 });
  }

  get head() {
    return `${this.#sequence}:${this.#hash.toString("hex")}`;
  }

  get keys() {
    return this.#keys;
  }

  /** Takes the next row: the entries of a block by index, then the block; after the last block the head. */
  take(row) {
    if (this.#hasHead) throw new Fault("chain", row, "nothing may follow the head");
    try {
      if (isEntryTable(row.table)) this.#takeEntry(row);
      else if (row.table === "LedgerBlocks") this.#takeBlock(row);
      else if (row.table === "LedgerHead") this.#takeHead(row);
      else throw new Error(`The table ${row.table} does not belong to a dump.`);
    } catch (e) {
      throw e instanceof ValueError ? new Fault(isEntryTable(row.table) ? "altered" : "chain", row, e.message) : e;
    }
  }

  end() {
    if (!this.#hasHead) throw new Fault("chain", { table: "LedgerHead" }, "missing");
    for (const [sequence, hash] of this.#heads)
      throw new Fault("chain", { table: "LedgerBlocks", Sequence: sequence }, `the kept head ${hash} is missing`);
  }

  #takeHead(row) {
    if (this.#entries.length > 0) throw new Fault("inserted", this.#entries[0], "no block commits to it");
    const isLast = row.Id === 1 && row.Sequence === this.#sequence && isSame(hex(row.Hash, 32, "Hash"), this.#hash);
    if (!isLast) throw new Fault("chain", row, `the last block is ${this.head}`);
    this.#hasHead = true;
  }

  #takeEntry(row) {
    const expected = this.#sequence + 1;
    if (row.Block > expected)
      throw new Fault("chain", { table: "LedgerBlocks", Sequence: expected }, `missing before block ${row.Block}`);
    if (row.Block !== expected || row.Index < this.#entries.length)
      throw new Fault("inserted", row, "no block commits to it, or its place is taken");
    if (row.Index !== this.#entries.length)
      throw new Fault("removed", { ...row, table: "LedgerBlocks", Sequence: expected }, this.#missing());
    const leaf = leafOf(row.table, row);
    if (!isSame(hex(row.Leaf, 32, "Leaf"), leaf)) throw new Fault("altered", row, "its values do not give its leaf");
    if (row.table === "Ratings" && row.Standing !== COUNTED) throw new Fault("altered", row, "Standing is not 1");
    if (row.table === "RatingDetails") this.#openCommitment(row);
    if (row.table === "LedgerKeys") this.#keysOfBlock.push(row);
    this.#entries.push(row);
    this.#leaves.push(leaf);
  }

  #openCommitment(row) {
    // A dump may leave the two columns out, because comments are personal.
    if (row.Comment === undefined && row.CommentSalt === undefined) {
      if (row.CommentCommitment !== null) this.counts.withheld++;
      return;
    }
    const [comment, salt, commitment] = [row.Comment, row.CommentSalt, row.CommentCommitment];
    const isEmpty = comment === null && salt === null && commitment === null;
    const isComplete = comment !== null && salt !== null && commitment !== null;
    const isBound = isComplete && isSame(commitmentTo(salt, comment), hex(commitment, 32, "CommentCommitment"));
    if (!isEmpty && !isBound) throw new Fault("altered", row, "its comment does not fit the commitment");
  }

  #takeBlock(block) {
    const expected = this.#sequence + 1;
    if (block.Sequence > expected)
      throw new Fault("chain", { ...block, Sequence: expected }, `missing before block ${block.Sequence}`);
    if (block.Sequence !== expected) throw new Fault("chain", block, "the number was used before");
    if (block.Algorithm !== BLOCK_ALGORITHM)
      throw new Fault("chain", block, `the algorithm ${block.Algorithm} is unknown`);
    const hash = blockHash(this.#hash, block);
    if (!isSame(hash, hex(block.Hash, 32, "Hash")))
      throw new Fault("chain", block, "its values and the block before do not give its hash");
    if (this.#entries.length < block.Count) throw new Fault("removed", block, this.#missing());
    if (this.#entries.length > block.Count)
      throw new Fault("inserted", this.#entries[block.Count], "the block has fewer entries");
    if (!isSame(merkleRoot(this.#leaves), hex(block.Root, 32, "Root")))
      throw new Fault("altered", block, "the leaves of its entries do not give its root");
    this.#checkSignature(block, hash);
    this.counts.entries += block.Count;
    this.#sequence = block.Sequence;
    this.#hash = hash;
    this.#entries = [];
    this.#leaves = [];
    this.#keysOfBlock = [];
    this.#compareWithKept(block);
  }

  #checkSignature(block, hash) {
    if (this.#keys.length === 0 && this.#keysOfBlock.length === 0) {
      if (block.KeyId !== null || block.Signature !== null)
        throw new Fault("unlawful", block, "it is signed before the first key");
      this.counts.unsigned++;
      return;
    }
    const signer = this.#inForce.get(block.KeyId) ?? this.#selfSigner(block.KeyId);
    if (!signer) throw new Fault("unlawful", block, `the key ${block.KeyId} may not sign it`);
    if (!isSignature(hex(block.Signature, 64, "Signature"), hash, hex(signer.PublicKey, PUBLIC_KEY_LENGTH, "PublicKey")))
      throw new Fault("unlawful", block, `the signature is not from the key ${signer.Id}`);
    for (const key of this.#keysOfBlock) this.#admit(key, signer);
    signer.blocks++;
  }

  /** The first key of the ledger and a renewing key sign the block of their own entry. */
  #selfSigner(id) {
    return this.#keysOfBlock.find((k) => k.Id === id && (k.Id === 1 || k.Replaces === REPLACES_ALL));
  }

  #admit(key, signer) {
    const fingerprint = fingerprintOf(hex(key.PublicKey, PUBLIC_KEY_LENGTH, "PublicKey"));
    if (key.Id !== this.#keys.length + 1) throw new Fault("unlawful", key, "the ids of the keys have a gap");
    if (key.Algorithm !== KEY_ALGORITHM) throw new Fault("unlawful", key, "its algorithm is unknown");
    if (this.#keys.some((k) => k.fingerprint === fingerprint)) throw new Fault("unlawful", key, "it is admitted twice");
    if (key.Replaces === REPLACES_ALL) {
      if (signer !== key) throw new Fault("unlawful", key, "a renewing key must sign its own block");
      if (!this.#acknowledged.has(fingerprint))
        throw new Fault("unlawful", key, `it ends all earlier keys; if that was meant, give --key ${fingerprint}`);
      this.#inForce.clear();
    } else if (key.Replaces !== 0 && key.Replaces !== signer.Id) {
      throw new Fault("unlawful", key, "a key may replace only the key that signs its block");
    }
    this.#inForce.delete(key.Replaces);
    this.#inForce.set(key.Id, key);
    this.#keys.push(Object.assign(key, { fingerprint, blocks: 0 }));
  }

  #compareWithKept(block) {
    const kept = this.#heads.get(block.Sequence);
    if (kept !== undefined && kept !== this.#hash.toString("hex"))
      throw new Fault("chain", block, `the kept head was ${kept}`);
    this.#heads.delete(block.Sequence);
  }

  #missing() {
    return `the entry with index ${this.#entries.length} is missing`;
  }
}

const isSame = (a, b) => a.equals(b);
