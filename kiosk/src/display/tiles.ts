import { make, pulse, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import { daysBetween } from '../shared/hall-time';
import { placeOf } from '../shared/place';
import { Tile, tilesOf } from './tile';
import { layOutTiles, rowsOf } from './tile-layout';
import { words } from './words';

const pageTime = 20_000;

/**
 * The tiles of all windows or places in the order of the board. The tiles are as large as possible. If all tiles
 * together would be too small to read, they are divided into pages.
 */
export class Tiles {
  private readonly title = make('strong');
  private readonly page = make('span.page');
  private readonly list = make('ul');
  readonly element = make('section.tiles', make('h2', this.title, this.page), this.list);
  private readonly tiles = new Map<string, Tile>();
  private board: Board | null = null;
  private turned = 0;

  constructor() {
    new ResizeObserver(() => this.arrange()).observe(this.list);
    setInterval(() => this.turn(), pageTime);
  }

  show(board: Board): void {
    this.board = board;
    this.arrange();
  }

  private turn(): void {
    this.turned++;
    if (this.arrange() > 1) pulse(this.list);
  }

  /** Arranges the tiles of the current page. Returns the number of pages. */
  private arrange(): number {
    if (this.board === null) return 0;
    const all = tilesOf(this.board);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const [width, height] = [this.list.clientWidth / rem, this.list.clientHeight / rem];
    const layout = layOutTiles(all, width, height);
    const pages = Math.max(1, Math.ceil(all.length / layout.perPage));
    const page = this.turned % pages;

    const onPage = all.slice(page * layout.perPage, (page + 1) * layout.perPage);
    const rows = rowsOf(onPage.length, layout.most, width, height);
    const widest = rows[0] ?? 1;
    const columns = rows.every(tiles => tiles === widest) ? widest : widest * (widest - 1);
    const spans = rows.flatMap(tiles => Array<number>(tiles).fill(columns / tiles));

    this.list.className = 'windows' in this.board ? layout.size : `places ${layout.size}`;
    setText(this.title, titleOf(this.board));
    this.list.style.setProperty('--columns', String(columns));
    this.list.style.setProperty('--rows', String(rows.length));
    const period = words.lastDays(daysBetween(this.board.from, this.board.to));
    setText(this.page, pages > 1 ? `${period}，${words.page(page + 1, pages)}` : period);

    const shown = onPage.map((figures, i) => {
      const known = this.tiles.get(figures.key);
      const tile = known ?? new Tile(figures);
      this.tiles.set(figures.key, tile);
      tile.show(figures, known === undefined || !known.element.isConnected);
      tile.element.style.setProperty('--span', String(spans[i]));
      return tile.element;
    });
    if (shown.length !== this.list.children.length || shown.some((tile, i) => tile !== this.list.children[i])) {
      this.list.replaceChildren(...shown);
    }
    return pages;
  }
}

function titleOf(board: Board): string {
  if ('windows' in board) return words.windows;
  return board.children.some(child => placeOf(child.code).isRegion) ? words.regions : words.halls;
}
