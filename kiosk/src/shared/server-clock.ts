/** The server's time on a device whose own clock may be wrong, learnt from the `Date` header of its answers. */
export class ServerClock {
  private offset = 0;

  now(): number {
    return Date.now() + this.offset;
  }

  learn(dateHeader: string | null, askedAt: number, answeredAt: number): void {
    const date = Date.parse(dateHeader ?? '');
    if (Number.isNaN(date)) return;

    // The header counts whole seconds, so half a second is its mean error. Small differences
    // are noise: following them would make the shown seconds stutter.
    const offset = date + 500 - (askedAt + answeredAt) / 2;
    if (Math.abs(offset - this.offset) > 1500) this.offset = offset;
  }
}
