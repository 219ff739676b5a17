import { make, named, setText } from '../shared/elements';
import type { RegionBoard } from '../shared/board';
import { unknown, words } from './words';

/** The number of a region's halls, and where to rate. A region has no QR code. */
export class HallCount {
  private readonly count = named('hall-count', make('strong', unknown));
  readonly element = make(
    'section.halls',
    make('h2', words.hallCount),
    make('p', this.count, make('span', words.hallUnit)),
    make('p.where', words.whereToRate),
  );

  show(board: RegionBoard): void {
    setText(this.count, String(board.halls));
  }
}
