import type { Board } from './board';
import { BoardHub } from './board-hub';
import { requestBoard, type BoardAnswer } from './board-request';
import { HallTime } from './hall-time';
import { jitter } from './jitter';
import type { Place } from './place';
import { ServerClock } from './server-clock';

export type ConnectionState = 'connected' | 'reconnecting' | 'offline';

export interface BoardFeedEvents {
  /** The board, the count, the hall or the local date may have changed. */
  changed(): void;
  /** Called once a second. */
  ticked(): void;
  /** The server answers again after a failure, or the hub has sent the current board. */
  regained(): void;
}

const pollWhileUp = 30_000;
const pollWhileDown = 5_000;

/**
 * The polling interval during the first `lossIsFresh` milliseconds after a loss. A server that restarts, or another
 * node, answers within seconds. After that time the screen polls less often.
 */
const pollAfterLoss = 1_000;
const lossIsFresh = 30_000;
const pollUnknownPlace = 60_000;
const pollInDoubt = 2_000;

/** A board counts as current for this long after its last confirmation, with the hub and without it. */
const freshWhileUp = 75_000;
const freshWhileDown = 15_000;

/** If the time between two ticks is longer than this, the device slept or its clock was set. */
const sleepGap = 10_000;

/**
 * Keeps the board of a hall current in two independent ways: by pushes of the hub, and by polling. A push is a hint and
 * never replaces a newer board. The board that is fetched decides. A region has no hub, so its board is only polled.
 */
export class BoardFeed {
  board: Board | null = null;
  receivedToday: number | null = null;
  placeUnknown = false;
  time: HallTime | null = null;
  readonly clock = new ServerClock();

  /** When the server last confirmed that this board is the current one, by the server's clock. */
  confirmedAt: number | null = null;

  private readonly hub: BoardHub | null;
  private lastContact = Date.now();
  private etag: string | null = null;
  private failing = false;
  private failedSince = 0;
  private olderAnswers = 0;
  private countedAt = 0;
  private fetching = false;
  private fetchAgain = false;
  private nextPoll: ReturnType<typeof setTimeout> | undefined;
  private lastTick = Date.now();
  private lastDate: string | null = null;

  constructor(
    private readonly place: Place,
    private readonly events: BoardFeedEvents,
  ) {
    this.hub = place.isRegion
      ? null
      : new BoardHub(place.code, {
          watching: board => this.watching(board),
          released: board => this.released(board),
          received: (hall, count) => this.received(hall, count),
          lost: () => void this.refresh(),
        });
  }

  start(): void {
    void this.refresh();
    void this.hub?.connect();
    setInterval(() => this.tick(), 1000);
    addEventListener('online', () => this.wake());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.wake());
  }

  get connection(): ConnectionState {
    if (this.isUp && this.isFresh) return 'connected';
    return this.isUp || this.isFresh ? 'reconnecting' : 'offline';
  }

  /** Whether the displayed board is known to be current. "No new ratings" is fresh, "no answer" is not. */
  get isFresh(): boolean {
    const limit = this.placeUnknown ? 2 * pollUnknownPlace : this.pollsSlowly ? freshWhileUp : freshWhileDown;
    return Date.now() - this.lastContact < limit;
  }

  /** Whether the hub is disconnected but the server answers polls. */
  get isPolling(): boolean {
    return this.hub !== null && !this.hub.up && !this.failing && this.isFresh;
  }

  /** Whether the first attempt to connect has not ended. No connection was lost yet. */
  get isConnecting(): boolean {
    return this.hub === null ? this.confirmedAt === null && !this.failing : !this.hub.tried;
  }

  /** Whether the hub is connected. A region has no hub: its last request must have been answered. */
  private get isUp(): boolean {
    return this.hub === null ? this.confirmedAt !== null && !this.failing : this.hub.up;
  }

  /** Whether the screen waits the longer time between two polls, so that a board counts as current for longer. */
  private get pollsSlowly(): boolean {
    return this.hub === null ? this.confirmedAt !== null : this.hub.up;
  }

  /** Whether the board was confirmed today. After a night without contact it has yesterday's figures. */
  get knowsToday(): boolean {
    return (
      this.time !== null &&
      this.confirmedAt !== null &&
      this.time.date(this.confirmedAt) === this.time.date(this.clock.now())
    );
  }

  private tick(): void {
    const now = Date.now();
    const slept = Math.abs(now - this.lastTick) > sleepGap;
    this.lastTick = now;
    if (slept) this.wake();

    const date = this.time?.date(this.clock.now()) ?? null;
    if (date !== this.lastDate && this.lastDate !== null) {
      this.events.changed();
      setTimeout(() => void this.refresh(), jitter(2_000, 0.5));
    }
    this.lastDate = date;
    this.events.ticked();
  }

  private wake(): void {
    void this.refresh();
    void this.hub?.check();
  }

  /** Fetches the board now. A call during a fetch causes another fetch after it. */
  private async refresh(): Promise<void> {
    if (this.fetching) {
      this.fetchAgain = true;
      return;
    }
    this.fetching = true;
    clearTimeout(this.nextPoll);
    do {
      this.fetchAgain = false;
      const askedAt = Date.now();
      this.take(await requestBoard(this.place.boardAddress, this.etag, this.clock), askedAt);
    } while (this.fetchAgain);
    this.fetching = false;
    this.nextPoll = setTimeout(() => void this.refresh(), jitter(this.pause));
  }

  private get pause(): number {
    if (this.placeUnknown) return pollUnknownPlace;
    if (this.olderAnswers > 0) return pollInDoubt;
    if (this.failing && Date.now() - this.failedSince < lossIsFresh) return pollAfterLoss;
    return this.pollsSlowly && !this.failing ? pollWhileUp : pollWhileDown;
  }

  private take(answer: BoardAnswer, askedAt: number): void {
    if (answer.kind === 'failed') {
      if (!this.failing) this.failedSince = Date.now();
      this.failing = true;
      return;
    }
    if (this.failing) {
      this.failing = false;
      void this.hub?.check();
      this.events.regained();
    }

    switch (answer.kind) {
      case 'placeUnknown':
        this.placeUnknown = true;
        this.lastContact = Date.now();
        if (this.hub !== null) this.hub.longestPause = pollUnknownPlace;
        this.events.changed();
        break;
      case 'unchanged':
        this.confirm();
        this.events.changed();
        break;
      case 'board':
        // An older board was overtaken by a push, or comes from another database. Two in a row mean another database.
        if (this.isOlder(answer.board) && ++this.olderAnswers < 2) break;
        this.etag = answer.etag;
        this.show(answer.board, askedAt >= this.countedAt ? answer.board.receivedToday : this.receivedToday);
        break;
    }
  }

  private watching(board: Board): void {
    this.events.regained();
    if (this.isOlder(board)) this.refetch();
    else this.show(board, board.receivedToday);
  }

  private released(board: Board): void {
    if (this.isOlder(board)) this.refetch();
    else
      this.show(
        board,
        board.to === this.board?.to ? Math.max(board.receivedToday, this.receivedToday ?? 0) : board.receivedToday,
      );
  }

  private received(hall: string, count: number): void {
    if (this.board === null || hall !== this.place.code) return;
    this.receivedToday = count;
    this.countedAt = Date.now();
    this.events.changed();
  }

  private refetch(): void {
    this.etag = null;
    void this.refresh();
  }

  private isOlder(board: Board): boolean {
    return this.board !== null && board.version < this.board.version;
  }

  private show(board: Board, receivedToday: number | null): void {
    if (board.timeZone !== this.time?.timeZone) this.time = hallTime(board.timeZone);
    this.board = board;
    this.receivedToday = receivedToday;
    this.placeUnknown = false;
    this.confirm();
    this.events.changed();
  }

  private confirm(): void {
    this.olderAnswers = 0;
    this.lastContact = Date.now();
    this.confirmedAt = this.clock.now();
  }
}

/**
 * Uses the device's time zone if the browser does not know the hall's time zone, so that the screen does not go blank.
 * The device stands in the hall.
 */
function hallTime(timeZone: string): HallTime {
  try {
    return new HallTime(timeZone);
  } catch {
    return new HallTime(Intl.DateTimeFormat().resolvedOptions().timeZone);
  }
}
