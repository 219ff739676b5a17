/**
 * The least space that a tile of each size needs, in rem, largest size first. A screen of 1920 × 1080 has 20 px for
 * 1 rem. In the smallest size, number and rate can still be read from eight metres, name and n from four metres.
 */
const sizes = [
  { size: 'giant', width: 36, height: 20 },
  { size: 'huge', width: 20, height: 16.4 },
  { size: 'large', width: 13.6, height: 14.8 },
  { size: 'compact', width: 13.6, height: 9.1 },
] as const;

/** The width in rem of each character after the second in a window's number. */
const character = 1.4;

const pleasingShape = 1.6;

/** The cost of uneven rows. A tile whose shape differs from `pleasingShape` by a factor of e costs 1. */
const unevenness = 0.3;
export const tileGap = 0.4;

export interface TileLayout {
  size: (typeof sizes)[number]['size'];
  most: Grid;
  perPage: number;
}

interface Grid {
  columns: number;
  rows: number;
}

/**
 * Chooses the largest tiles with which all windows fit on one page. If no size fits, makes pages of about equal length.
 */
export function layOutTiles(count: number, longestNumber: number, width: number, height: number): TileLayout {
  const wider = Math.max(0, longestNumber - 2) * character;
  const grids = sizes.map(({ size, width: least, height: low }) => ({
    size,
    most: { columns: fits(width, least + wider), rows: fits(height, low) },
  }));
  const whole = grids.find(({ most }) => most.columns * most.rows >= count);
  if (whole !== undefined) return { ...whole, perPage: Math.max(1, count) };

  const { size, most } = grids[grids.length - 1]!;
  const pages = Math.ceil(count / (most.columns * most.rows));
  // A page has whole rows where possible, because a tile alone in its row would look like a headline.
  return { size, most, perPage: Math.ceil(count / pages / most.columns) * most.columns };
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
