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

/** A hall, or a region with everything below it. */
export interface PlaceFigures extends Figures {
  code: string;
  name: string;
  shortName: string;
}

export interface DayFigures {
  date: string;
  n: number;
  rate: number | null;
}

/** What the boards of a hall and of a region have in common. */
interface BoardFigures extends Figures {
  name: string;
  version: number;
  releasedAt: string | null;
  receivedToday: number;
  from: string;
  to: string;
  grades: GradeCounts;
  today: Figures & { grades: GradeCounts };
  days: DayFigures[];
  ledger: { sequence: number; hash: string } | null;
  demo: boolean;
  batchSize: number;
  minimumN: number;
  timeZone: string;
}

/** The board of a hall screen, as `GET /api/v1/halls/{hall}/board` and the hub send it. */
export interface HallBoard extends BoardFigures {
  hall: string;
  windows: WindowFigures[];
}

/** The board of a region's screen, as `GET /api/v1/regions/{region}/board` sends it. */
export interface RegionBoard extends BoardFigures {
  region: string;

  /** The number of halls in the region and in the regions below it. */
  halls: number;
  children: PlaceFigures[];
}

export type Board = HallBoard | RegionBoard;

/** Tells whether a value is a board. The error page of a proxy or an incomplete body must not become a board. */
export function isBoard(value: unknown): value is Board {
  const board = value as Partial<HallBoard & RegionBoard> | null;
  return (
    typeof board === 'object' &&
    board !== null &&
    typeof board.version === 'number' &&
    typeof board.name === 'string' &&
    (Array.isArray(board.windows) || Array.isArray(board.children)) &&
    Array.isArray(board.days) &&
    typeof board.today === 'object' &&
    board.today !== null
  );
}
