// Writes licenses/ of an archive: whose work is in it, and the text of each licence. Fails where it knows none.
//   node notices.mjs PROGRAM_FOLDER NUGET_PACKAGES KIOSK
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [program, nuget, kiosk] = process.argv.slice(2);
const folder = join(program, 'licenses');
const common = join(dirname(fileURLToPath(import.meta.url)), 'licenses');
const readJson = path => JSON.parse(readFileSync(path, 'utf8'));
mkdirSync(folder, { recursive: true });
cpSync(common, folder, { recursive: true });

const entries = [...nugetPackages(), ...npmPackages()].map(write);
writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), `What of others' work this archive brings, each with its licence.\n\n${entries.join('\n')}`);

function nugetPackages() {
  const { libraries } = readJson(join(program, 'ServiceEval.Web.deps.json'));
  return Object.entries(libraries).filter(([, library]) => library.type !== 'project').map(([key]) => {
    const [name, version] = key.replace(/^runtimepack\./, '').split('/');
    const path = join(nuget, name.toLowerCase(), version.toLowerCase());
    const nuspec = readFileSync(join(path, `${name.toLowerCase()}.nuspec`), 'utf8');
    const value = element => nuspec.match(new RegExp(`<${element}(?: [^>]*)?>([^<]*)`))?.[1].trim() ?? '';
    return { name, version, path, licence: value('license'), copyright: value('copyright') || value('authors') };
  });
}

/** What the hall's screen is built with stays behind; what it is built of does not. */
function npmPackages() {
  return Object.keys(readJson(join(kiosk, 'package.json')).dependencies).map(name => {
    const path = join(kiosk, 'node_modules', name);
    const { version, license, author } = readJson(join(path, 'package.json'));
    return { name, version, path, licence: license, copyright: author?.name ?? author ?? '' };
  });
}

function write({ name, version, path, licence, copyright }) {
  const own = readdirSync(path).filter(file => /^(licen[cs]e|notice|copying|third-party-notices)/i.test(file));
  const place = name.replace(/^@/, '').replaceAll('/', '-');
  for (const file of own) cpSync(join(path, file), join(folder, place, file), { recursive: true });
  const texts = own.map(file => `${place}/${file}`);
  // Any of several that one may choose from.
  const known = licence.split(' OR ').map(one => `${one}.txt`).filter(file => existsSync(join(common, file)));
  if (!own.some(file => /^(licen[cs]e|copying)/i.test(file)) && known.length === 0) throw new Error(`${name} ${version}: no text of its licence “${licence}”.`);
  return `${name} ${version}\n  licence: ${licence}\n  copyright: ${copyright}\n  texts: ${[...texts, ...known].join(', ')}\n`;
}
