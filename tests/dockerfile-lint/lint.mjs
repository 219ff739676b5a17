// Prints each fault of a Dockerfile on a line. Exits with 1 if there is a fault. usage: node lint.mjs FILE
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
const { validate } = createRequire(import.meta.url)('dockerfile-utils');

const faults = validate(await readFile(process.argv[2], 'utf8'));
for (const { range, message } of faults) console.error(`${range.start.line + 1}: ${message}`);
process.exitCode = faults.length > 0 ? 1 : 0;
