import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { HallBoard } from './board';
import { jitter } from './jitter';

export interface BoardHubEvents {
  /** The hub is connected and has sent the current board. */
  watching(board: HallBoard): void;
  released(board: HallBoard): void;
  received(hall: string, count: number): void;
  /** The connection to the hub was up and is lost. */
  lost(): void;
}

const shortestPause = 1_000;

/**
 * The WebSocket to the board's hub. SignalR's automatic reconnect gives up after some attempts, and it does not cover a
 * first start that fails. So every attempt is a new connection, and the attempts never stop.
 */
export class BoardHub {
  up = false;

  /** Whether the first attempt has ended, with success or with a failure. */
  tried = false;
  longestPause = 20_000;
  private current: HubConnection | null = null;
  private failures = 0;
  private nextAttempt: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly hall: string,
    private readonly events: BoardHubEvents,
  ) {}

  /** Connects at once. If the next attempt is scheduled for later, this call replaces it. */
  async connect(): Promise<void> {
    if (this.current !== null) return;
    clearTimeout(this.nextAttempt);

    const connection = new HubConnectionBuilder()
      .withUrl('/hubs/board', { transport: HttpTransportType.WebSockets, skipNegotiation: true })
      .configureLogging(LogLevel.None)
      .build();
    this.current = connection;
    connection.on('Released', (board: HallBoard) => this.isCurrent(connection) && this.events.released(board));
    connection.on(
      'Received',
      (hall: string, count: number) => this.isCurrent(connection) && this.events.received(hall, count),
    );
    connection.onclose(() => this.lose(connection));

    try {
      await within(15_000, connection.start());
      await this.watch(connection);
    } catch {
      this.lose(connection);
    }
  }

  /** Checks the connection. After a sleep the socket may be dead although no close event was raised. */
  async check(): Promise<void> {
    const connection = this.current;
    if (connection === null || !this.up) {
      this.failures = 0;
      return this.connect();
    }
    try {
      await this.watch(connection);
    } catch {
      this.failures = 0;
      this.lose(connection);
    }
  }

  private async watch(connection: HubConnection): Promise<void> {
    const board = await within(8_000, connection.invoke<HallBoard>('Watch', this.hall));
    if (!this.isCurrent(connection)) return;
    this.up = this.tried = true;
    this.failures = 0;
    this.events.watching(board);
  }

  private lose(connection: HubConnection): void {
    if (!this.isCurrent(connection)) return;
    const wasUp = this.up;
    this.current = null;
    this.up = false;
    this.tried = true;
    void connection.stop().catch(() => undefined);
    const pause = Math.min(this.longestPause, shortestPause * 2 ** this.failures++);
    this.nextAttempt = setTimeout(() => void this.connect(), jitter(pause, 0.5));
    if (wasUp) this.events.lost();
  }

  private isCurrent(connection: HubConnection): boolean {
    return this.current === connection;
  }
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Too late.')), milliseconds);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
