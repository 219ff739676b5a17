#!/usr/bin/env node
// Verifies a dump of a ledger: node verify.mjs [--head SEQ:HASH]... [--key FINGERPRINT]... [FILE]
// Checks the test vectors: node verify.mjs --vectors FILE
// FORMAT.md (src/ServiceEval.Core/Ledger) describes the dump. Without FILE the dump is read from standard input.
// The exit code is 0 if all is right, 1 for a fault, and 2 if there is nothing to verify.
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Fault, Ledger } from "./ledger.mjs";
import { checkVectors } from "./vectors.mjs";

async function verifyDump(input, heads, acknowledged) {
  const ledger = new Ledger(heads, acknowledged);
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (line.trim() === "") continue;
    ledger.take(parse(line, number));
  }
  if (number === 0) throw new Error("The dump is empty.");
  ledger.end();
  console.log(`ok ${ledger.head}`);
  const { entries, unsigned, withheld } = ledger.counts;
  console.log(`${entries} entries, ${unsigned} unsigned blocks, ${withheld} comments that the dump leaves out`);
  for (const key of ledger.keys)
    console.log(`key ${key.Id} ${key.fingerprint} signed ${key.blocks} blocks (${key.Name})`);
}

function parse(line, number) {
  try {
    return JSON.parse(line);
  } catch (e) {
    throw new Error(`Line ${number} is not JSON: ${e.message}`);
  }
}

function parseHead(text) {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (!hash) throw new Error(`${text} is not SEQ:HASH.`);
  return [Number(sequence), hash.toLowerCase()];
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      head: { type: "string", multiple: true, default: [] },
      key: { type: "string", multiple: true, default: [] },
      vectors: { type: "string" },
    },
  });
  if (values.vectors) {
    console.log(`ok ${checkVectors(JSON.parse(readFileSync(values.vectors, "utf8")))} vectors`);
  } else {
    const input = positionals[0] ? createReadStream(positionals[0]) : process.stdin;
    const acknowledged = new Set(values.key.map((k) => k.toLowerCase()));
    await verifyDump(input, new Map(values.head.map(parseHead)), acknowledged);
  }
} catch (e) {
  if (e instanceof Fault) console.log(`fault ${e.message}`);
  else console.error(e.message);
  process.exitCode = e instanceof Fault ? 1 : 2;
}
