/** The server's time, computed from the `Date` header of its answers, because the clock of the device may be wrong. */
export class ServerClock {
  private offset = 0;

  now(): number {
    return Date.now() + this.offset;
  }

  learn(dateHeader: string | null, askedAt: number, answeredAt: number): void {
    const date = Date.parse(dateHeader ?? '');
    if (Number.isNaN(date)) return;

    // The header counts whole seconds, so its mean error is half a second. Smaller differences are noise. If the offset
    // followed them, the displayed time would jump back and forth.
    const offset = date + 500 - (askedAt + answeredAt) / 2;
    if (Math.abs(offset - this.offset) > 1500) this.offset = offset;
  }
}
