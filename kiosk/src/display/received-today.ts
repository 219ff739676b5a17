import { make, named, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import { unknown, words } from './words';

/**
 * The number of ratings received today, and the reason why the screen shows the grades of fewer ratings. The number
 * changes at once, because it reveals no grade. It does not fade in, because in a busy hall it would never be at rest.
 */
export class ReceivedToday {
  private readonly count = named('received-today', make('strong', unknown));
  private readonly unit = make('span', words.timesUnit);
  private readonly why = named('received-why', make('p.why'));
  readonly element = make(
    'section.received',
    make('h2', words.receivedToday),
    make('p', this.count, this.unit),
    this.why,
  );

  show(board: Board, count: number | null): void {
    this.unit.hidden = count === null;
    setText(this.count, count === null ? unknown : String(count));
    setText(this.why, count === null || count === 0 ? '' : reason(board, count));
  }
}

/**
 * The released count of a day can exceed the received count, because of corrections and figures from before midnight.
 */
function reason(board: Board, received: number): string {
  if (board.today.n === 0) return words.noneReleased(board.batchSize);
  return board.today.n >= received ? words.allReleased : words.released(board.today.n, board.batchSize);
}
