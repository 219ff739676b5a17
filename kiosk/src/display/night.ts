import type { BoardFeed } from '../shared/board-feed';

const setting = new URLSearchParams(location.search).get('night');

/** Applies the dark colours with `?night=on`, and with `?night=auto` from 19:00 to 06:00 in the hall's local time. */
export function applyNight(feed: BoardFeed): void {
  const hour = feed.time?.hour(feed.clock.now());
  const dark = setting === 'on' || (setting === 'auto' && hour !== undefined && (hour >= 19 || hour < 6));
  document.documentElement.classList.toggle('night', dark);
}
