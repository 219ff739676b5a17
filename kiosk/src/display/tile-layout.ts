/** Sizes in rem: 1 rem is 20 px on a screen of 1920 × 1080. The least space a tile of each size needs, largest first. */
const sizes = [
  { size: 'giant', width: 36, height: 19 },
  { size: 'huge', width: 20, height: 14.6 },
  { size: 'large', width: 13.2, height: 11.2 },
  { size: 'medium', width: 9.9, height: 9 },
  { size: 'modest', width: 9.9, height: 7.6 },
  { size: 'small', width: 7.9, height: 6.2 },
  { size: 'tiny', width: 7.9, height: 4.7 },
] as const;

/** A third figure or letter in a window's number. */
const character = 0.9;

const pleasingShape = 1.6;
export const tileGap = 0.4;

export interface TileLayout {
  size: (typeof sizes)[number]['size'];
  columns: number;
  rows: number;
  perPage: number;
}

/** The largest tiles with which all windows fit; where none fit, pages of about equal length. */
export function layOutTiles(count: number, longestNumber: number, width: number, height: number): TileLayout {
  const wanted = Math.max(1, count);
  const wider = Math.max(0, longestNumber - 2) * character;
  for (const { size, width: least, height: low } of sizes) {
    const most = { columns: fits(width, least + wider), rows: fits(height, low) };
    if (most.columns * most.rows < wanted) continue;
    return { size, ...shape(wanted, most, width, height), perPage: wanted };
  }

  const smallest = sizes[sizes.length - 1]!;
  const capacity = Math.max(1, fits(width, smallest.width + wider) * fits(height, smallest.height));
  const pages = Math.ceil(wanted / capacity);
  if (pages === 1) return { size: smallest.size, columns: 1, rows: 1, perPage: 1 };
  return layOutTiles(Math.ceil(wanted / pages), longestNumber, width, height);
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
