import { make, pulse, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import { daysBetween } from '../shared/hall-time';
import { WindowTile } from './window-tile';
import { layOutTiles } from './tile-layout';
import { words } from './words';

const pageTime = 20_000;

/** All windows in the order the board gives, in tiles as large as they can be; in pages only where they would be too small to read. */
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

  /** Says how many pages there are. */
  private arrange(): number {
    if (this.board === null) return 0;
    const { windows } = this.board;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const longestNumber = Math.max(0, ...windows.map(window => window.number.length));
    const longestName = Math.max(0, ...windows.map(window => window.name.length));
    const layout = layOutTiles(windows.length, longestNumber, longestName, this.list.clientWidth / rem, this.list.clientHeight / rem);
    const pages = Math.max(1, Math.ceil(windows.length / layout.perPage));
    const page = this.turned % pages;

    this.list.className = layout.size;
    this.list.style.setProperty('--columns', String(layout.columns));
    this.list.style.setProperty('--rows', String(layout.rows));
    const period = words.lastDays(daysBetween(this.board.from, this.board.to));
    setText(this.page, pages > 1 ? `${period}，${words.page(page + 1, pages)}` : period);

    const shown = windows.slice(page * layout.perPage, (page + 1) * layout.perPage).map(window => {
      const known = this.tiles.get(window.number);
      const tile = known ?? new WindowTile(window.number);
      this.tiles.set(window.number, tile);
      tile.show(window, layout.size, known === undefined || !known.element.isConnected);
      return tile.element;
    });
    if (shown.length !== this.list.children.length || shown.some((tile, i) => tile !== this.list.children[i])) {
      this.list.replaceChildren(...shown);
    }
    return pages;
  }
}
