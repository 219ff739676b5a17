import { make, named, setText } from '../shared/elements';
import type { BoardFeed } from '../shared/board-feed';
import type { Place } from '../shared/place';
import { words } from './words';

/** The message on the screen while there is no board to show. */
export class Notice {
  private readonly sentence = make('h1');
  private readonly cure = make('p');
  readonly element = named('notice', make('section.notice', this.sentence, this.cure));

  show(place: Place, feed: BoardFeed): void {
    setText(
      this.sentence,
      feed.placeUnknown && feed.isFresh
        ? (place.isRegion ? words.unknownRegion : words.unknownHall)(place.code)
        : feed.connection === 'offline'
          ? words.neverConnected
          : words.loading,
    );
    setText(
      this.cure,
      feed.placeUnknown && feed.isFresh ? words.unknownCure : feed.connection === 'offline' ? words.willShow : '',
    );
  }
}
