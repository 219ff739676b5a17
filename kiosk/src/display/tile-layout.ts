import type { TileFigures } from './tile';

/**
 * The least space that the tile of a window needs, in rem, largest size first. A screen of 1920 × 1080 has 20 px for
 * 1 rem. In the smallest size, number and rate can still be read from eight metres, name and n from four metres.
 */
const windowSizes: Size[] = [
  { size: 'giant', width: 36, height: 20 },
  { size: 'huge', width: 20, height: 16.4 },
  { size: 'large', width: 13.6, height: 14.8 },
  { size: 'compact', width: 13.6, height: 9.1 },
];

/** The same for the tile of a place, which has no number. `line` is the height of a second line of the name. */
const placeSizes: (Size & { line: number })[] = [
  { size: 'giant', width: 36, height: 13.6, line: 0 },
  { size: 'huge', width: 20, height: 12.6, line: 2.3 },
  { size: 'large', width: 13.6, height: 9.1, line: 2 },
  { size: 'compact', width: 13.6, height: 6.4, line: 2 },
];

/** The number of characters that a place's name can have in one line. */
const nameInOneLine = 8;

/** The width in rem of each character after the second in a window's number. */
const character = 1.4;

/** The width in rem of each digit after the fifth in the number of ratings of a place, which stands beside the rate. */
const digit = 0.92;

const pleasingShape = 1.6;

/** The cost of uneven rows. A tile whose shape differs from `pleasingShape` by a factor of e costs 1. */
const unevenness = 0.3;
export const tileGap = 0.4;

interface Size {
  size: string;
  width: number;
  height: number;
}

export interface TileLayout {
  size: string;
  most: Grid;
  perPage: number;
}

interface Grid {
  columns: number;
  rows: number;
}

/**
 * Chooses the largest tiles with which all fit on one page. If no size fits, makes pages of about equal length.
 */
export function layOutTiles(tiles: TileFigures[], width: number, height: number): TileLayout {
  const count = tiles.length;
  const wider = widening(tiles);
  const grids = sizesOf(tiles).map(({ size, width: least, height: low }) => ({
    size,
    most: { columns: fits(width, least + wider), rows: fits(height, low) },
  }));
  const whole = grids.find(({ most }) => most.columns * most.rows >= count);
  if (whole !== undefined) return { ...whole, perPage: Math.max(1, count) };

  const smallest = grids[grids.length - 1]!;
  const { columns, rows } = smallest.most;
  const pages = Math.ceil(count / (columns * rows));
  // A page has whole rows where possible, because a tile alone in its row would look like a headline.
  const perPage = Math.ceil(count / pages / columns) * columns;
  return { ...(grids.find(({ most }) => most.columns * most.rows >= perPage) ?? smallest), perPage };
}

function widening(tiles: TileFigures[]): number {
  return areWindows(tiles)
    ? Math.max(0, longest(tiles, tile => tile.number) - 2) * character
    : Math.max(0, longest(tiles, tile => String(tile.n)) - 5) * digit;
}

function sizesOf(tiles: TileFigures[]): Size[] {
  if (areWindows(tiles)) return windowSizes;
  if (longest(tiles, tile => tile.name) <= nameInOneLine) return placeSizes;
  return placeSizes.map(({ size, width, height, line }) => ({ size, width, height: height + line }));
}

function areWindows(tiles: TileFigures[]): boolean {
  return tiles.some(tile => tile.number !== '');
}

function longest(tiles: TileFigures[], text: (tile: TileFigures) => string): number {
  return Math.max(0, ...tiles.map(tile => text(tile).length));
}

/** Returns the number of tiles in each row of a page. Rows differ by one tile at most, so that no place stays empty. */
export function rowsOf(count: number, most: Grid, width: number, height: number): number[] {
  let best = spread(count, most.rows);
  let least = Infinity;
  for (let rows = Math.ceil(count / most.columns); rows <= Math.min(count, most.rows); rows++) {
    const columns = count / rows;
    const shape = Math.abs(Math.log(width / columns / (height / rows) / pleasingShape));
    const cost = shape + (Number.isInteger(columns) ? 0 : unevenness);
    if (cost >= least) continue;
    least = cost;
    best = spread(count, rows);
  }
  return best;
}

function spread(count: number, rows: number): number[] {
  const used = Math.min(rows, Math.max(1, count));
  return Array.from({ length: used }, (_, row) => Math.ceil((count - row) / used));
}

function fits(space: number, least: number): number {
  return Math.max(1, Math.floor((space + tileGap) / (least + tileGap)));
}
