import { BoardFeed } from '../shared/board-feed';
import { reloadIfDeployed } from '../shared/deployment';
import { make } from '../shared/elements';
import { placeOf } from '../shared/place';
import { Foot } from './foot';
import { GradeBar } from './grade-bar';
import { HallCount } from './hall-count';
import { Invitation } from './invitation';
import { applyNight } from './night';
import { Notice } from './notice';
import { PlaceHeader } from './place-header';
import { ReceivedToday } from './received-today';
import { Score } from './score';
import { Tiles } from './tiles';
import { Trend } from './trend';
import { fetchFont, words } from './words';

const place = placeOf(decodeURIComponent(location.pathname.split('/')[2] ?? ''));

const header = new PlaceHeader();
const score = new Score();
const gradeBar = new GradeBar();
const tiles = new Tiles();
const received = new ReceivedToday();
const trend = new Trend();
const hallCount = new HallCount();
const invitation = place.isRegion ? null : new Invitation(place.code);
const notice = new Notice();
const foot = new Foot();

document.body.classList.toggle('of-region', place.isRegion);
document.body.append(
  make('main.overview', header.element, score.element, gradeBar.element),
  tiles.element,
  make('aside', received.element, trend.element, (invitation ?? hallCount).element),
  notice.element,
  foot.element,
);

const feed = new BoardFeed(place, { changed, ticked, regained });
let first = true;
changed();
ticked();
feed.start();
void fetchFont();

function changed(): void {
  const { board } = feed;
  document.body.classList.toggle('without-board', board === null || feed.placeUnknown);
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
    if ('halls' in board) hallCount.show(board);
    first = false;
  }
  ticked();
}

function ticked(): void {
  applyNight(feed);
  header.tick(feed);
  foot.tick(feed);
  notice.show(place, feed);
}

function regained(): void {
  invitation?.refresh();
  void reloadIfDeployed();
}
