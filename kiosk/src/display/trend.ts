import { make, makeSvg } from '../shared/elements';
import type { Board, DayFigures } from '../shared/board';
import { weekday } from '../shared/hall-time';
import { percent, unknown, words } from './words';

const width = 380;
const height = 190;
const top = 52;
const bottom = 138;

/**
 * The good rates of seven days. A day without a rate is a gap with a "–", never a zero. The highest, the lowest and the
 * newest rate have labels.
 */
export class Trend {
  private readonly chart = makeSvg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': words.trend,
  });
  private readonly days = make('ol');
  readonly element = make('section.trend', make('h2', words.trend), this.chart, this.days);

  show(board: Board, today: string | null): void {
    const { days } = board;
    this.chart.replaceChildren(...draw(days));
    this.days.replaceChildren(
      ...days.map(day =>
        make(day.date === today ? 'li.today' : 'li', day.date === today ? words.today : weekday(day.date)),
      ),
    );
  }
}

interface Point {
  x: number;
  y: number;
  rate: number;
}

function draw(days: DayFigures[]): SVGElement[] {
  const rates = days.flatMap(day => day.rate ?? []);
  if (rates.length === 0) return [label(width / 2, (top + bottom) / 2, words.noTrend, 'none')];

  // The scale spans at least ten percentage points. Otherwise noise would look like a change.
  const middle = (Math.min(...rates) + Math.max(...rates)) / 2;
  const reach = Math.max(0.05, Math.max(...rates) - middle);
  const high = Math.min(1, middle + reach);
  const low = high - 2 * reach;
  const points = days.map((day, i): Point | number => {
    const x = ((i + 0.5) * width) / days.length;
    return day.rate === null
      ? x
      : { x, y: bottom - ((day.rate - low) / (high - low)) * (bottom - top), rate: day.rate };
  });
  return [
    ...runs(points).map(run =>
      makeSvg('polyline', { class: 'line', points: run.map(({ x, y }) => `${x},${y}`).join(' ') }),
    ),
    ...points.map(point =>
      typeof point === 'number'
        ? label(point, bottom, unknown, 'unknown')
        : makeSvg('circle', { class: 'dot', cx: point.x, cy: point.y, r: 6 }),
    ),
    ...labels(points),
  ];
}

/** Returns the runs of neighbouring days that have a rate. A line must not bridge a gap. */
function runs(points: (Point | number)[]): Point[][] {
  const found: Point[][] = [[]];
  for (const point of points) {
    if (typeof point === 'number') found.push([]);
    else found[found.length - 1]!.push(point);
  }
  return found.filter(run => run.length > 1);
}

/** Places a label on the side from which no line comes, so that labels of neighbouring days do not overlap. */
function labels(points: (Point | number)[]): SVGElement[] {
  const known = points.filter(point => typeof point !== 'number');
  const newest = known[known.length - 1]!;
  const before = points[points.indexOf(newest) - 1];
  const highest = known.reduce((best, point) => (point.rate >= best.rate ? point : best));
  const lowest = known.reduce((best, point) => (point.rate <= best.rate ? point : best));
  const above = new Set([highest]);
  const below = new Set(lowest === highest ? [] : [lowest]);
  if (!above.has(newest) && !below.has(newest)) {
    (typeof before === 'object' && before.rate > newest.rate ? below : above).add(newest);
  }
  return [
    ...[...above].map(point => label(point.x, point.y - 16, percent(point.rate))),
    ...[...below].map(point => label(point.x, point.y + 42, percent(point.rate))),
  ];
}

function label(x: number, y: number, text: string, kind = 'value'): SVGElement {
  const half = text.length * 9.5;
  const inside = Math.min(width - half, Math.max(half, x));
  return makeSvg('text', { class: kind, x: kind === 'value' ? inside : x, y, 'text-anchor': 'middle' }, text);
}
