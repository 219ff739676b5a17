const weekdays = ['日', '一', '二', '三', '四', '五', '六'];

/** Converts instants to the local dates and times of a hall. */
export class HallTime {
  private readonly format: Intl.DateTimeFormat;

  constructor(readonly timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  }

  /** "14:05" */
  time(instant: number): string {
    const { hour, minute } = this.parts(instant);
    return `${hour}:${minute}`;
  }

  /** "2026-11-23" */
  date(instant: number): string {
    const { year, month, day } = this.parts(instant);
    return `${year}-${month}-${day}`;
  }

  hour(instant: number): number {
    return Number(this.parts(instant)['hour']);
  }

  /** "14:05", or "11月22日14:05" if the date differs from the date of `now`. */
  timeSeenFrom(now: number, instant: number): string {
    return this.date(now) === this.date(instant)
      ? this.time(instant)
      : `${monthAndDay(this.date(instant))}${this.time(instant)}`;
  }

  private parts(instant: number): Record<string, string> {
    return Object.fromEntries(this.format.formatToParts(instant).map(part => [part.type, part.value]));
  }
}

/** "2026-11-23" → "11月23日" */
export function monthAndDay(date: string): string {
  const [, month, day] = date.split('-').map(Number);
  return `${month}月${day}日`;
}

/** "2026-11-23" → "一" */
export function weekday(date: string): string {
  return weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '–';
}

/** Returns the number of local dates in a period, including both ends. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
