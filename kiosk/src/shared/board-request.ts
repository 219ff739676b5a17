import { isBoard, type Board } from './board';
import type { ServerClock } from './server-clock';

export type BoardAnswer =
  | { kind: 'board'; board: Board; etag: string | null }
  | { kind: 'unchanged' }
  | { kind: 'placeUnknown' }
  | { kind: 'failed' };

const failed: BoardAnswer = { kind: 'failed' };
const patience = 10_000;

export async function requestBoard(address: string, etag: string | null, clock: ServerClock): Promise<BoardAnswer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const askedAt = Date.now();
    const response = await fetch(address, {
      headers: etag === null ? {} : { 'If-None-Match': etag },
      cache: 'no-store',
      signal: abort.signal,
    });
    clock.learn(response.headers.get('Date'), askedAt, Date.now());
    return await read(response);
  } catch {
    return failed;
  } finally {
    clearTimeout(timer);
  }
}

async function read(response: Response): Promise<BoardAnswer> {
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status === 404) {
    const problem = (await response.json()) as { type?: string };
    return problem.type === 'urn:serviceeval:hall-unknown' ? { kind: 'placeUnknown' } : failed;
  }
  if (!response.ok) return failed;

  const board: unknown = await response.json();
  return isBoard(board) ? { kind: 'board', board, etag: response.headers.get('ETag') } : failed;
}
