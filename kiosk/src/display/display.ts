import { BoardFeed } from '../shared/board-feed';
import { reloadIfDeployed } from '../shared/deployment';
import { make } from '../shared/elements';
import { Foot } from './foot';
import { GradeBar } from './grade-bar';
import { HallHeader } from './hall-header';
import { Invitation } from './invitation';
import { applyNight } from './night';
import { Notice } from './notice';
import { ReceivedToday } from './received-today';
import { Score } from './score';
import { Trend } from './trend';
import { WindowTiles } from './window-tiles';
import { fetchFont, words } from './words';

const hall = decodeURIComponent(location.pathname.split('/')[2] ?? '');

const header = new HallHeader();
const score = new Score();
const gradeBar = new GradeBar();
const tiles = new WindowTiles();
const received = new ReceivedToday();
const trend = new Trend();
const invitation = new Invitation(hall);
const notice = new Notice();
const foot = new Foot();

document.body.append(
  make('main.overview', header.element, score.element, gradeBar.element),
  tiles.element,
  make('aside', received.element, trend.element, invitation.element),
  notice.element,
  foot.element,
);

const feed = new BoardFeed(hall, { changed, ticked, regained });
let first = true;
changed();
ticked();
feed.start();
void fetchFont();

function changed(): void {
  const { board } = feed;
  document.body.classList.toggle('without-board', board === null || feed.hallUnknown);
  header.show(feed);
  foot.show(board);
  if (board !== null) {
    document.title = words.title(board.name);
    document.documentElement.dataset['version'] = String(board.version);
    score.show(board, first);
    gradeBar.show(board, feed.knowsToday, first);
    tiles.show(board);
    received.show(board, feed.knowsToday ? feed.receivedToday : null);
    trend.show(board, feed.time?.date(feed.clock.now()) ?? null);
    first = false;
  }
  ticked();
}

function ticked(): void {
  applyNight(feed);
  header.tick(feed);
  foot.tick(feed);
  notice.show(hall, feed);
}

function regained(): void {
  invitation.refresh();
  void reloadIfDeployed();
}
