// Writes the two fonts of the report. The page loads WOFF2.
// The host needs TrueType to measure charts and to subset the fonts that a report file embeds.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { decompress } from 'wawoff2';

const packageOf = name => pathToFileURL(createRequire(import.meta.url).resolve(`${name}/package.json`));
const wwwroot = new URL('../src/ServiceEval.Web/wwwroot/', import.meta.url);
const target = new URL('fonts/', wwwroot);

await mkdir(target, { recursive: true });
for (const weight of [400, 700]) {
  // One file has all characters of simplified Chinese, because the characters of a page are not known at build time.
  const woff2 = await readFile(
    new URL(`files/noto-sans-sc-chinese-simplified-${weight}-normal.woff2`, packageOf('@fontsource/noto-sans-sc')),
  );
  await writeFile(new URL(`noto-sans-sc-${weight}.woff2`, target), woff2);
  await writeFile(new URL(`noto-sans-sc-${weight}.ttf`, target), await decompress(woff2));
}

// Names of townships contain rarer characters. The hall screen's font has them in a hundred slices.
// The file of a slice has all weights.
const assets = await readdir(new URL('kiosk/assets/', wwwroot));
const slices = JSON.parse(
  await readFile(new URL('unicode.json', packageOf('@fontsource-variable/noto-sans-sc')), 'utf8'),
);
const files = Object.entries(slices).map(([name, characters]) => ({
  file: assets.find(asset => asset.startsWith(`noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal-`)),
  characters,
}));
await writeFile(new URL('slices.json', target), JSON.stringify(files.filter(({ file }) => file)));
