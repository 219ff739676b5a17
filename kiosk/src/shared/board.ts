import type { Grade } from './grades';

/** Rates are 0–1, and null where too few ratings allow none. */
export interface Figures {
  n: number;
  good: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

export type GradeCounts = Partial<Record<Grade, number>>;

export interface WindowFigures extends Figures {
  number: string;
  name: string;
}

export interface DayFigures {
  date: string;
  n: number;
  rate: number | null;
}

/** What a hall screen shows, as `GET /api/v1/halls/{hall}/board` and the hub give it. */
export interface Board extends Figures {
  hall: string;
  name: string;
  version: number;
  releasedAt: string | null;
  receivedToday: number;
  from: string;
  to: string;
  grades: GradeCounts;
  today: Figures & { grades: GradeCounts };
  windows: WindowFigures[];
  days: DayFigures[];
  ledger: { sequence: number; hash: string } | null;
  demo: boolean;
  batchSize: number;
  minimumN: number;
  timeZone: string;
}

/** A proxy's error page or a half-written body must not become a board. */
export function isBoard(value: unknown): value is Board {
  const board = value as Partial<Board> | null;
  return (
    typeof board === 'object' &&
    board !== null &&
    typeof board.version === 'number' &&
    typeof board.name === 'string' &&
    Array.isArray(board.windows) &&
    Array.isArray(board.days) &&
    typeof board.today === 'object' &&
    board.today !== null
  );
}
