import { make, named, setName, setText } from '../shared/elements';
import type { BoardFeed } from '../shared/board-feed';
import { unknown, words } from './words';

/** The name of the hall or region, and its local date and time. */
export class PlaceHeader {
  private readonly name = named('place-name', make('h1'));
  private readonly clock = named('clock', make('span.clock', unknown));
  private readonly date = make('span');
  private readonly weekday = make('span');
  readonly element = make(
    'header.place',
    this.name,
    make('div.now', this.clock, make('div.date', this.date, this.weekday)),
  );

  show(feed: BoardFeed): void {
    const name = feed.board?.name ?? '';
    setName(this.name, name);
    this.name.classList.toggle('long', name.length > 18);
  }

  tick(feed: BoardFeed): void {
    if (feed.time === null) return;
    const now = feed.clock.now();
    const date = feed.time.date(now);
    setText(this.clock, feed.time.time(now));
    setText(this.date, words.date(date));
    setText(this.weekday, words.weekday(date));
  }
}
