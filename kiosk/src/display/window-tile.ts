import { make, named, pulse, setName } from '../shared/elements';
import type { WindowFigures } from '../shared/board';
import { percent, percentParts, unknown, words } from './words';
import type { TileLayout } from './tile-layout';

/** One window: number, name, rate with n, or that there are too few ratings for a rate. */
export class WindowTile {
  private readonly number = make('span.number');
  private readonly name = make('span.name');
  private readonly rate = make('span.rate');
  private readonly n = make('span.n');
  private readonly interval = make('span.interval');
  readonly element: HTMLElement;

  constructor(number: string) {
    this.number.textContent = number;
    this.element = named(`tile-${number}`,
      make('li.tile', this.number, this.rate, this.name, make('span.basis', this.n, this.interval)));
  }

  show(window: WindowFigures, size: TileLayout['size'], first: boolean): void {
    const before = this.figures;
    const roomy = size === 'giant' || size === 'huge' || size === 'large';
    const short = size === 'modest' || size === 'small' || size === 'tiny';
    this.element.classList.toggle('few', window.rate === null);
    setName(this.name, window.name);
    this.rate.replaceChildren(...rateParts(window, short));
    this.n.textContent = window.n === 0 ? words.notYet : roomy ? words.ratings(window.n) : words.times(window.n);
    this.interval.textContent = roomy && size !== 'large' && window.rate !== null ? words.interval(percent(window.low), percent(window.high)) : '';
    if (!first && before !== this.figures) pulse(this.element);
  }

  private get figures(): string {
    return `${this.rate.textContent} ${this.n.textContent}`;
  }
}

function rateParts(window: WindowFigures, short: boolean): (Node | string)[] {
  if (window.rate !== null) return percentParts(window.rate);
  if (window.n === 0) return [unknown];
  return [short ? words.tooFewShort : words.tooFew];
}
