/**
 * Sizes in rem: 1 rem is 20 px on a screen of 1920 × 1080. The least space a tile of each size needs, largest first, and
 * how many lines its name has.
 */
const sizes = [
  { size: 'giant', width: 36, height: 19, lines: 2 },
  { size: 'huge', width: 20, height: 14.6, lines: 2 },
  { size: 'large', width: 13.2, height: 11.2, lines: 2 },
  { size: 'medium', width: 9.9, height: 9, lines: 2 },
  { size: 'modest', width: 9.9, height: 7.6, lines: 2 },
  { size: 'small', width: 7.9, height: 6.2, lines: 2 },
  { size: 'tiny', width: 7.9, height: 4.7, lines: 1 },
] as const;

/** A third figure or letter in a window's number. */
const character = 0.9;

/** Many a hall has windows whose names differ in their last characters only; a longer name than this is cut. */
const longestReadable = 16;
const nameCharacter = 1.2;
const namePadding = 0.72;

const pleasingShape = 1.6;
export const tileGap = 0.4;

export interface TileLayout {
  size: (typeof sizes)[number]['size'];
  columns: number;
  rows: number;
  perPage: number;
}

/** The largest tiles with which all windows fit and names can be read; where none fit, pages of about equal length. */
export function layOutTiles(count: number, longestNumber: number, longestName: number, width: number, height: number): TileLayout {
  const wanted = Math.max(1, count);
  const wider = Math.max(0, longestNumber - 2) * character;
  const named = Math.min(longestName, longestReadable);
  let capacity = 1;
  for (const { size, width: least, height: low, lines } of sizes) {
    const most = { columns: fits(width, Math.max(least + wider, Math.ceil(named / lines) * nameCharacter + namePadding)), rows: fits(height, low) };
    capacity = Math.max(capacity, most.columns * most.rows);
    if (most.columns * most.rows >= wanted) return { size, ...shape(wanted, most, width, height), perPage: wanted };
  }

  const pages = Math.ceil(wanted / capacity);
  if (pages === 1) return { size: 'tiny', columns: 1, rows: 1, perPage: 1 };
  return layOutTiles(Math.ceil(wanted / pages), longestNumber, longestName, width, height);
}

function fits(space: number, least: number): number {
  return Math.floor((space + tileGap) / (least + tileGap));
}

/** Of the grids that hold all, the one whose tiles come nearest to a pleasing shape with few empty places. */
function shape(count: number, most: { columns: number; rows: number }, width: number, height: number): { columns: number; rows: number } {
  let best = { columns: most.columns, rows: Math.ceil(count / most.columns) };
  let least = Infinity;
  for (let columns = 1; columns <= most.columns; columns++) {
    const rows = Math.ceil(count / columns);
    if (rows > most.rows) continue;
    const cost = Math.abs(Math.log(width / columns / (height / rows) / pleasingShape)) + (columns * rows - count) / count;
    if (cost >= least) continue;
    least = cost;
    best = { columns, rows };
  }
  return best;
}
