import { make, makeSvg, named, pulse, setName } from '../shared/elements';
import type { WindowFigures } from '../shared/board';
import { percentParts, unknown, words } from './words';

/**
 * The tile of one window. It shows the number, the name, and the rate with n and interval. If there are too few ratings
 * for a rate, the tile says so.
 */
export class WindowTile {
  private readonly number = make('span.number');
  private readonly name = make('span.name');
  private readonly rate = make('span.rate');
  private readonly n = make('span.basis');
  private readonly without = make('span.without', words.notComputed);
  private readonly scale = makeSvg('svg', { class: 'scale', 'aria-hidden': 'true' });
  readonly element: HTMLElement;

  constructor(number: string) {
    this.number.textContent = number;
    this.element = named(
      `tile-${number}`,
      make('li.tile', this.number, this.rate, this.name, this.n, this.without, this.scale),
    );
  }

  show(window: WindowFigures, first: boolean): void {
    const before = this.figures;
    this.element.classList.toggle('few', window.rate === null);
    setName(this.name, window.name);
    this.rate.replaceChildren(...rateParts(window));
    this.n.textContent = window.n === 0 ? words.notYet : words.times(window.n);
    this.without.hidden = window.rate !== null || window.n === 0;
    this.scale.replaceChildren(...scaleParts(window));
    if (!first && before !== this.figures) pulse(this.element);
  }

  private get figures(): string {
    return `${this.rate.textContent} ${this.n.textContent}`;
  }
}

function rateParts(window: WindowFigures): (Node | string)[] {
  if (window.rate !== null) return percentParts(window.rate);
  return [window.n === 0 ? unknown : words.tooFewShort];
}

/**
 * Draws the scale from 0 % to 100 %, so that a low rate looks low. The interval is a thick line. The rate is a mark
 * across the line.
 */
function scaleParts({ rate, low, high }: WindowFigures): SVGElement[] {
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
