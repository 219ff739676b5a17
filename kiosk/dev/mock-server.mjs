// Serves the built screen with made-up boards, so that the screen can be viewed without the host:
//   npm run build && npm run mock
// Then open http://127.0.0.1:5199/display/34 (the hall's code is the number of windows) or /display/empty,
// /display/few, /display/gaps, /display/every-vote, /display/long. A region's code of 12 digits is the number of its
// children: /display/000000000021.
// The mock server has no hub, so the screen polls. Stop the mock server to see the screen without a server.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../src/ServiceEval.Web/wwwroot/kiosk/', import.meta.url));
const port = Number(process.env.PORT ?? 5199);
const timeZone = 'Asia/Shanghai';
const started = Date.now();

const policy = "default-src 'self'; img-src 'self' data:; style-src 'self'; font-src 'self'; connect-src 'self'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const names = [
  '综合服务窗口',
  '企业开办专窗',
  '不动产登记',
  '医疗保障经办服务窗口',
  '公安户籍',
  '社会保险',
  '税务综合',
  '工程建设项目审批综合受理窗口',
  '公积金',
  '婚姻登记',
];
const townships = ['城关镇', '柳屯镇', '八公桥镇', '徐镇镇', '户部寨镇', '王称堌镇', '清河头乡', '先进制造业开发区'];

createServer(async (request, response) => {
  const [, first, second, third, fourth, fifth] = decodeURIComponent(
    new URL(request.url, 'http://localhost').pathname,
  ).split('/');
  if (first === 'display') return file(response, 'display.html', 'no-cache');
  if (first === 'kiosk')
    return file(response, [second, third].filter(Boolean).join('/'), 'max-age=31536000, immutable');
  if (first === 'h' && third === 'qr.svg') return send(response, 200, 'image/svg+xml', pattern());
  if (first === 'api' && third === 'halls' && fifth === 'board') return board(request, response, makeBoard(fourth));
  if (first === 'api' && third === 'regions' && fifth === 'board')
    return board(request, response, makeRegionBoard(fourth));
  send(response, 404, 'text/plain', 'Not found');
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/display/34`));

function board(request, response, made) {
  if (made === null)
    return send(
      response,
      404,
      'application/problem+json',
      JSON.stringify({ type: 'urn:serviceeval:hall-unknown', status: 404 }),
    );
  const etag = `"${made.version}-${made.receivedToday}-${made.to}"`;
  response.setHeader('ETag', etag);
  if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
  send(response, 200, 'application/json', JSON.stringify(made));
}

function makeBoard(hall) {
  const count = { empty: 6, few: 6, gaps: 12, 'every-vote': 12, long: 34 }[hall] ?? Number(hall);
  if (!Number.isInteger(count) || count < 1) return null;

  const empty = hall === 'empty';
  const few = hall === 'few';
  const turn = Math.floor((Date.now() - started) / 15_000);
  const today = day(0);
  const windows = Array.from({ length: count }, (_, i) => ({
    number: hall === 'long' ? `A${101 + i}` : String(i + 1),
    name: nameOf(i, count),
    ...rated(
      hall === 'long' ? 12_345 + i : empty ? 0 : few ? i : i % 7 === 5 ? 9 + i : 41 + ((i * 37) % 300) + (turn % 5),
      hall === 'long' ? 1 : 0.9 + ((i * 13) % 10) / 100,
    ),
  }));
  const n = windows.reduce((sum, window) => sum + window.n, 0);
  const grades = empty ? gradesOf(0) : gradesOf(few ? 5 : 87 + turn);
  return {
    hall,
    name:
      hall === 'long'
        ? '某某市经济技术开发区政务服务和公共资源交易中心北城分中心大厅'
        : hall === '2'
          ? '城关街道便民服务中心'
          : '濮阳县政务服务大厅',
    version: empty ? 0 : 1284 + turn,
    releasedAt: empty ? null : new Date(started + turn * 15_000).toISOString(),
    receivedToday: empty ? 3 : 112 + Math.floor((Date.now() - started) / 5_000),
    from: day(-27),
    to: today,
    ...rated(n, hall === 'long' ? 1 : 0.966),
    grades,
    today: { ...rated(empty ? 0 : 87 + turn, 0.95), grades },
    windows,
    days: Array.from({ length: 7 }, (_, i) => ({
      date: day(i - 6),
      n: 60,
      rate: empty || few || (hall === 'gaps' && (i === 2 || i === 3)) ? null : 0.95 + ((i * 5) % 7) / 200,
    })),
    ledger: empty ? null : { sequence: 5120 + turn, hash: '3fa9c2d17b60e8845a1f'.padEnd(64, '0') },
    demo: true,
    batchSize: hall === 'every-vote' ? 1 : 5,
    minimumN: 30,
    timeZone,
  };
}

function makeRegionBoard(region) {
  const { hall: _, windows, ...board } = makeBoard(region === 'county' ? '21' : String(Number(region))) ?? {};
  if (windows === undefined) return null;
  const children = windows.map(({ number, name: _, ...figures }, i) => ({
    code: i === 0 ? 'puyang' : `4109281${number.padStart(2, '0')}000`,
    name: i === 0 ? '濮阳县政务服务中心' : `濮阳县${townships[i % townships.length]}`,
    shortName: i === 0 ? '县政务大厅' : townships[i % townships.length],
    ...(i === 0 ? rated(28_412, 0.974) : figures),
  }));
  return { ...board, region, name: '濮阳县', halls: children.length, children };
}

function nameOf(i, count) {
  if (i === count - 1) return '“办不成事”反映窗口';
  if (i === count - 2 && count > 2) return '24小时自助服务专区';
  return i < 20 ? names[i % 3 === 0 ? 0 : i % names.length] : names[i % names.length];
}

function rated(n, rate) {
  const good = Math.round(n * rate);
  if (n < 30) return { n, good, rate: null, low: null, high: null };
  const p = good / n;
  const z = 1.96;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { n, good, rate: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

function gradesOf(n) {
  const [satisfied, basically, bad, worst] = [0.22, 0.08, 0.04, 0.02].map(share => Math.round(n * share));
  return {
    verySatisfied: n - satisfied - basically - bad - worst,
    satisfied,
    basicallySatisfied: basically,
    dissatisfied: bad,
    veryDissatisfied: worst,
  };
}

function day(offset) {
  return new Date(Date.now() + offset * 86_400_000).toLocaleDateString('sv-SE', { timeZone });
}

// Draws a pattern that looks like a QR code but has no content.
function pattern() {
  let seed = 7;
  const cells = [];
  for (let y = 4; y < 33; y++) {
    for (let x = 4; x < 33; x++) {
      seed = (seed * 16807) % 2147483647;
      const [i, j] = [x - 4, y - 4];
      const corner = [
        [0, 0],
        [22, 0],
        [0, 22],
      ].find(([left, top]) => i >= left - 1 && i < left + 8 && j >= top - 1 && j < top + 8);
      const ring = corner ? Math.max(Math.abs(i - corner[0] - 3), Math.abs(j - corner[1] - 3)) : -1;
      if (corner ? ring === 3 || ring < 2 : seed % 2) cells.push(`M${x} ${y}h1v1h-1z`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37"><path fill="#fff" d="M0 0h37v37H0z"/><path d="${cells.join('')}"/></svg>`;
}

async function file(response, path, caching) {
  const full = normalize(join(built, path));
  try {
    response.setHeader('Cache-Control', caching);
    send(
      response,
      200,
      types[extname(full)] ?? 'application/octet-stream',
      full.startsWith(built) ? await readFile(full) : '',
    );
  } catch {
    send(response, 404, 'text/plain', 'Not found');
  }
}

function send(response, status, type, body) {
  response.setHeader('Content-Security-Policy', policy);
  response.writeHead(status, { 'Content-Type': type }).end(body);
}
