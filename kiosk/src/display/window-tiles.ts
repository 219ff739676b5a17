import { make, pulse, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import { daysBetween } from '../shared/hall-time';
import { WindowTile } from './window-tile';
import { layOutTiles, rowsOf } from './tile-layout';
import { words } from './words';

const pageTime = 20_000;

/**
 * The tiles of all windows in the order of the board. The tiles are as large as possible. If tiles for all windows
 * would be too small to read, the windows are divided into pages.
 */
export class WindowTiles {
  private readonly page = make('span.page');
  private readonly list = make('ul');
  readonly element = make('section.windows', make('h2', words.windows, this.page), this.list);
  private readonly tiles = new Map<string, WindowTile>();
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
    const { windows } = this.board;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const longestNumber = Math.max(0, ...windows.map(window => window.number.length));
    const [width, height] = [this.list.clientWidth / rem, this.list.clientHeight / rem];
    const layout = layOutTiles(windows.length, longestNumber, width, height);
    const pages = Math.max(1, Math.ceil(windows.length / layout.perPage));
    const page = this.turned % pages;

    const onPage = windows.slice(page * layout.perPage, (page + 1) * layout.perPage);
    const rows = rowsOf(onPage.length, layout.most, width, height);
    const widest = rows[0] ?? 1;
    const columns = rows.every(tiles => tiles === widest) ? widest : widest * (widest - 1);
    const spans = rows.flatMap(tiles => Array<number>(tiles).fill(columns / tiles));

    this.list.className = layout.size;
    this.list.style.setProperty('--columns', String(columns));
    this.list.style.setProperty('--rows', String(rows.length));
    const period = words.lastDays(daysBetween(this.board.from, this.board.to));
    setText(this.page, pages > 1 ? `${period}，${words.page(page + 1, pages)}` : period);

    const shown = onPage.map((window, i) => {
      const known = this.tiles.get(window.number);
      const tile = known ?? new WindowTile(window.number);
      this.tiles.set(window.number, tile);
      tile.show(window, known === undefined || !known.element.isConnected);
      tile.element.style.setProperty('--span', String(spans[i]));
      return tile.element;
    });
    if (shown.length !== this.list.children.length || shown.some((tile, i) => tile !== this.list.children[i])) {
      this.list.replaceChildren(...shown);
    }
    return pages;
  }
}
