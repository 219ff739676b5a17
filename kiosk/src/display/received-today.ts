import { make, named, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import { unknown, words } from './words';

/**
 * How many ratings came in today, and why the screen shows grades of fewer. The count ticks at once, because it betrays
 * no grade. It does not fade: in a busy hall it would never be seen at rest.
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

/** Corrections and figures from before midnight can make the released count of a day the larger one. */
function reason(board: Board, received: number): string {
  if (board.today.n === 0) return words.noneReleased(board.batchSize);
  return board.today.n >= received ? words.allReleased : words.released(board.today.n, board.batchSize);
}
