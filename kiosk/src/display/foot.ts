import { make, named, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import type { BoardFeed } from '../shared/board-feed';
import { unknown, words } from './words';

const minute = 60_000;

/**
 * The foot of the screen. It shows the connection, the age of the figures, the ledger, and whether the figures are a
 * demonstration.
 */
export class Foot {
  private readonly demo = named('demo', make('span.demo', words.demo));
  private readonly connection = named('connection', make('span.connection'));
  private readonly age = named('age', make('span.age'));
  private readonly rule = make('span.rule');
  private readonly block = make('span');
  private readonly hash = make('span.hash');
  private readonly ledger = named('ledger', make('span.ledger', words.ledger, this.block, this.hash));
  readonly element = make('footer', this.demo, this.connection, this.age, this.rule, this.ledger);

  show(board: Board | null): void {
    this.demo.hidden = board?.demo !== true;
    this.rule.hidden = this.ledger.hidden = board === null;
    if (board === null) return;
    setText(this.rule, board.batchSize > 1 ? words.everyBatch(board.batchSize) : words.everyVote);
    setText(this.block, board.ledger === null ? unknown : words.block(board.ledger.sequence));
    setText(this.hash, board.ledger?.hash.slice(0, 12) ?? '');
  }

  tick(feed: BoardFeed): void {
    const state = feed.connection;
    this.connection.dataset['state'] = state;
    this.element.classList.toggle('stale', !feed.isFresh);
    setText(this.connection, connectionText(feed));
    setText(this.age, feed.isFresh && feed.board !== null && !feed.placeUnknown ? ageText(feed, feed.board) : '');
  }
}

function connectionText(feed: BoardFeed): string {
  const state = feed.connection;
  if (feed.placeUnknown && feed.isFresh) return words.answered;
  if (feed.isConnecting && feed.isFresh) return words.connecting;
  if (feed.board === null || feed.time === null || feed.confirmedAt === null) {
    return state === 'offline' ? words.neverConnected : words[state];
  }
  const time = feed.time.timeSeenFrom(feed.clock.now(), feed.confirmedAt);
  if (state === 'offline') return words.stale(time);
  if (!feed.isFresh) return words.noAnswer(time);
  return feed.isPolling ? words.polling : words[state];
}

/** Returns how long ago the board last changed. Call it only if the board is known to be current. */
function ageText(feed: BoardFeed, board: Board): string {
  if (board.releasedAt === null || feed.time === null) return '';
  const now = feed.clock.now();
  const released = Date.parse(board.releasedAt);
  const minutes = Math.floor((now - released) / minute);
  if (minutes < 1) return words.updatedNow;
  return minutes < 60 ? words.updatedMinutes(minutes) : words.updatedAt(feed.time.timeSeenFrom(now, released));
}
