import { make, makeSvg, named, pulse, setName } from '../shared/elements';
import type { Board, Figures } from '../shared/board';
import { percentParts, unknown, words } from './words';

/** The content of a tile. A window has a number, a place has none. */
export interface TileFigures extends Figures {
  key: string;
  number: string;
  name: string;
}

export function tilesOf(board: Board): TileFigures[] {
  return 'windows' in board
    ? board.windows.map(window => ({ ...window, key: window.number }))
    : board.children.map(place => ({ ...place, key: place.code, number: '', name: place.shortName }));
}

/**
 * The tile of one window or place. It shows the number, the name, and the rate with n and interval. If there are too few
 * ratings for a rate, the tile says so.
 */
export class Tile {
  private readonly name = make('span.name');
  private readonly rate = make('span.rate');
  private readonly n = make('span.basis');
  private readonly without = make('span.without', words.notComputed);
  private readonly scale = makeSvg('svg', { class: 'scale', 'aria-hidden': 'true' });
  readonly element: HTMLElement;

  constructor({ key, number }: TileFigures) {
    const head = number === '' ? [] : [make('span.number', number)];
    this.element = named(
      `tile-${key}`,
      make('li.tile', ...head, this.rate, this.name, this.n, this.without, this.scale),
    );
  }

  show(figures: TileFigures, first: boolean): void {
    const before = this.figures;
    this.element.classList.toggle('few', figures.rate === null);
    setName(this.name, figures.name);
    this.rate.replaceChildren(...rateParts(figures));
    this.n.textContent = figures.n === 0 ? words.notYet : words.times(figures.n);
    this.without.hidden = figures.rate !== null || figures.n === 0;
    this.scale.replaceChildren(...scaleParts(figures));
    if (!first && before !== this.figures) pulse(this.element);
  }

  private get figures(): string {
    return `${this.rate.textContent} ${this.n.textContent}`;
  }
}

function rateParts({ rate, n }: TileFigures): (Node | string)[] {
  if (rate !== null) return percentParts(rate);
  return [n === 0 ? unknown : words.tooFewShort];
}

/**
 * Draws the scale from 0 % to 100 %, so that a low rate looks low. The interval is a thick line. The rate is a mark
 * across the line.
 */
function scaleParts({ rate, low, high }: TileFigures): SVGElement[] {
  if (rate === null || low === null || high === null) return [];
  return [
    line('track', 0, 1, '50%', '50%'),
    line('interval', low, high, '50%', '50%'),
    line('mark', rate, rate, '0%', '100%'),
  ];
}

function line(kind: string, from: number, to: number, top: string, bottom: string): SVGElement {
  return makeSvg('line', { class: kind, x1: `${from * 100}%`, x2: `${to * 100}%`, y1: top, y2: bottom });
}
