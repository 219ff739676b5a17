import { make, named, pulse } from '../shared/elements';
import type { Board } from '../shared/board';
import { daysBetween } from '../shared/hall-time';
import { percent, percentParts, unknown, words } from './words';

/** The hall's good rate. It is never shown without the number of ratings and the interval. */
export class Score {
  private readonly period = make('span.period');
  private readonly rate = named('rate', make('p.rate'));
  private readonly basis = named('interval', make('p.basis'));
  readonly element = make('section.score', make('h2', words.goodRate, this.period), this.rate, this.basis);

  show(board: Board, first: boolean): void {
    this.period.textContent = words.lastDays(daysBetween(board.from, board.to));

    const before = this.rate.textContent;
    this.rate.classList.toggle('few', board.rate === null && board.n > 0);
    this.rate.replaceChildren(...rateParts(board));
    this.basis.replaceChildren(...basisParts(board).map(part => make('span', part)));
    if (!first && before !== this.rate.textContent) pulse(this.rate);
  }
}

function rateParts(board: Board): (Node | string)[] {
  if (board.rate !== null) return percentParts(board.rate);
  return [board.n === 0 ? unknown : words.tooFew];
}

function basisParts(board: Board): string[] {
  if (board.rate !== null) return [words.basis(board.n), words.interval(percent(board.low), percent(board.high))];
  return [board.n === 0 ? words.nothingEver : words.fewOf(board.n, board.minimumN)];
}
