// Writes the two fonts of the report, and the list of the files with the characters that they lack.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { create } from 'fontkit';

const packageOf = name => pathToFileURL(createRequire(import.meta.url).resolve(`${name}/package.json`));
const wwwroot = new URL('../src/ServiceEval.Web/wwwroot/', import.meta.url);
const target = new URL('fonts/', wwwroot);

await mkdir(target, { recursive: true });
const known = new Set();
for (const weight of [400, 700]) {
  // One file has all characters of simplified Chinese, because the characters of a page are not known at build time.
  const woff2 = await readFile(
    new URL(`files/noto-sans-sc-chinese-simplified-${weight}-normal.woff2`, packageOf('@fontsource/noto-sans-sc')),
  );
  await writeFile(new URL(`noto-sans-sc-${weight}.woff2`, target), woff2);
  for (const character of create(woff2).characterSet) known.add(character);
}

// Names of townships contain rarer characters. The hall screen's font has them in a hundred slices.
// The file of a slice has all weights.
const assets = await readdir(new URL('kiosk/assets/', wwwroot));
const slices = JSON.parse(
  await readFile(new URL('unicode.json', packageOf('@fontsource-variable/noto-sans-sc')), 'utf8'),
);
const files = Object.entries(slices).map(([name, characters]) => ({
  file: assets.find(asset => asset.startsWith(`noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal-`)),
  characters: characters
    .split(',')
    .flatMap(charactersIn)
    .filter(character => !known.has(character)),
}));
await writeFile(new URL('slices.json', target), JSON.stringify(files.filter(({ file }) => file)));

// Returns the characters of a range as CSS writes it: U+580C or U+4E00-4E03.
function charactersIn(range) {
  const [first, last = first] = range
    .trim()
    .slice(2)
    .split('-')
    .map(end => parseInt(end, 16));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
