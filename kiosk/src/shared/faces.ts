import { makeSvg } from './elements';
import type { Grade } from './grades';

/**
 * The shapes of brows, eyes and mouth as strokes. `open` is a filled mouth. Each grade can be read by its shape alone.
 */
const features: Record<Grade, { lines: string[]; eyes: boolean; open?: string }> = {
  verySatisfied: {
    lines: ['M14 19q6-6 12-2', 'M50 19q-6-6-12-2', 'M16 29q4.5-5.5 9 0', 'M39 29q4.5-5.5 9 0'],
    eyes: false,
    open: 'M16 37h32c0 9.5-7 15-16 15s-16-5.5-16-15z',
  },
  satisfied: { lines: ['M16 20q5-4 10-2', 'M48 20q-5-4-10-2', 'M18 39q14 15 28 0'], eyes: true },
  basicallySatisfied: { lines: ['M16 19h10', 'M38 19h10', 'M20 43h24'], eyes: true },
  dissatisfied: { lines: ['M15 22l10-5', 'M49 22l-10-5', 'M19 48q13-13 26 0'], eyes: true },
  veryDissatisfied: {
    lines: ['M14 16l12 7', 'M50 16l-12 7'],
    eyes: true,
    open: 'M17 52c0-9.5 6-15 15-15s15 5.5 15 15q-15-5-30 0z',
  },
};

/** Draws a face that stands beside its word. It is hidden from screen readers. The CSS of `.face` colours it. */
export function makeFace(grade: Grade): SVGElement {
  const { lines, eyes, open } = features[grade];
  const face = makeSvg(
    'svg',
    { viewBox: '0 0 64 64', class: `face ${grade}`, 'aria-hidden': 'true' },
    makeSvg('circle', { class: 'head', cx: 32, cy: 32, r: 29 }),
  );

  for (const d of lines) face.append(makeSvg('path', { class: 'line', d }));
  if (eyes) face.append(...[21, 43].map(cx => makeSvg('circle', { class: 'solid', cx, cy: 28, r: 3.2 })));
  if (open) face.append(makeSvg('path', { class: 'solid', d: open }));
  return face;
}
