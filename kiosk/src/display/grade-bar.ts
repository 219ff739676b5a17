import { make, named, pulse, setText } from '../shared/elements';
import type { Board } from '../shared/board';
import { makeFace } from '../shared/faces';
import { grades, gradeWords } from '../shared/grades';
import { unknown, words } from './words';

/**
 * Today's released grades as a bar. Below the bar each grade has a face, a word and a count, so that colour is never
 * the only sign of a grade.
 */
export class GradeBar {
  private readonly total = make('span.total');
  private readonly segments = grades.map(grade => make(`span.${grade}`));
  private readonly counts = grades.map(grade => named(`grade-${grade}`, make('strong', unknown)));
  private readonly empty = make('p.empty');
  readonly element = make(
    'section.grades',
    make('h2', words.releasedToday, this.total),
    make('div.bar', ...this.segments, this.empty),
    make(
      'ol',
      ...grades.map((grade, i) => make('li', makeFace(grade), make('span', gradeWords[grade]), this.counts[i]!)),
    ),
  );

  show(board: Board, knowsToday: boolean, first: boolean): void {
    const n = knowsToday ? board.today.n : null;
    setText(this.total, n === null ? unknown : n === 0 ? '' : words.times(n));
    setText(this.empty, n === null ? words.todayUnknown : n === 0 ? words.nothingToday : '');
    this.element.classList.toggle('without', n === null || n === 0);

    grades.forEach((grade, i) => this.showGrade(i, n ? (board.today.grades[grade] ?? 0) : null, first));
  }

  private showGrade(i: number, count: number | null, first: boolean): void {
    const segment = this.segments[i]!;
    segment.style.flexGrow = String(count ?? 0);
    segment.hidden = !count;
    if (setText(this.counts[i]!, count === null ? unknown : String(count)) && !first) pulse(this.counts[i]!);
  }
}
