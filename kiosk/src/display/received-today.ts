import { make, named, pulse, setText } from '../shared/elements';
import { unknown, words } from './words';

/** How many ratings came in today; it ticks at once, for it betrays no grade. */
export class ReceivedToday {
  private readonly count = named('received-today', make('strong', unknown));
  private readonly unit = make('span', words.timesUnit);
  readonly element = make('section.received', make('h2', words.receivedToday), make('p', this.count, this.unit));

  show(count: number | null, first: boolean): void {
    this.unit.hidden = count === null;
    if (setText(this.count, count === null ? unknown : String(count)) && !first) pulse(this.count);
  }
}
