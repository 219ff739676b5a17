import { make, named, setText } from '../shared/elements';
import type { BoardFeed } from '../shared/board-feed';
import { words } from './words';

/** The message on the screen while there is no board to show. */
export class Notice {
  private readonly sentence = make('h1');
  private readonly cure = make('p');
  readonly element = named('notice', make('section.notice', this.sentence, this.cure));

  show(hall: string, feed: BoardFeed): void {
    setText(
      this.sentence,
      feed.hallUnknown && feed.isFresh
        ? words.unknownHall(hall)
        : feed.connection === 'offline'
          ? words.neverConnected
          : words.loading,
    );
    setText(
      this.cure,
      feed.hallUnknown && feed.isFresh ? words.unknownHallCure : feed.connection === 'offline' ? words.willShow : '',
    );
  }
}
