import type { Grade } from './grades';

/** Rates are between 0 and 1. A rate is null if there are too few ratings. */
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

/** The board of a hall screen, as `GET /api/v1/halls/{hall}/board` and the hub send it. */
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

/** Tells whether a value is a board. The error page of a proxy or an incomplete body must not become a board. */
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
