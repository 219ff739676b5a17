import { make } from '../shared/elements';
import { monthAndDay, weekday } from '../shared/hall-time';

/** The text for an unknown figure. An unknown figure is never 0. */
export const unknown = '–';

/** All texts of the screen that the server does not send. */
export const words = {
  goodRate: '好评率',
  lastDays: (days: number) => `近${days}天`,
  tooFew: '评价较少，暂不计算',
  tooFewShort: '评价较少',
  notComputed: '暂不计算',
  notYet: '暂未公布',
  nothingEver: '还没有公布的评价',
  nothingToday: '今天还没有公布的评价',
  todayUnknown: '今天的评价暂时取不到',
  basis: (n: number) => `根据${n}次评价，`,
  interval: (low: string, high: string) => `误差范围${low}～${high}`,
  fewOf: (n: number, minimum: number) => `目前${n}次，满${minimum}次后计算`,
  releasedToday: '今日公布的评价',
  windows: '各窗口好评率',
  halls: '各大厅好评率',
  regions: '各地好评率',
  page: (page: number, pages: number) => `第${page}页，共${pages}页`,
  trend: '近7天好评率',
  noTrend: '还没有可计算的好评率',
  receivedToday: '今日收到评价',
  times: (n: number) => `${n}次`,
  timesUnit: '次',
  scan: '扫码选择窗口评价',
  qrAlternative: '本大厅的评价二维码',
  hallCount: '参加评价的大厅',
  hallUnit: '个',
  whereToRate: '请扫窗口上的二维码评价',
  today: '今',
  date: (date: string) => `${date.slice(0, 4)}年${monthAndDay(date)}`,
  weekday: (date: string) => `星期${weekday(date)}`,
  title: (hall: string) => `${hall} · 评价屏`,
  demo: '演示数据',
  ledger: '评价账本',
  block: (sequence: number) => `第${sequence}块`,
  everyVote: '每次评价即时更新',
  everyBatch: (size: number) => `各窗口每满${size}次更新`,
  allReleased: '已全部公布',
  released: (released: number, size: number) => `已公布${released}次，其余待各窗口满${size}次后公布`,
  noneReleased: (size: number) => `各窗口满${size}次后公布`,
  connected: '连接正常',
  connecting: '正在连接',
  reconnecting: '正在重连',
  polling: '实时连接恢复中，数据每5秒核对',
  stale: (time: string) => `连接中断，显示的是${time}的数据，正在重连`,
  noAnswer: (time: string) => `暂时取不到新数据，显示的是${time}的数据，正在重试`,
  answered: '服务器有回应',
  neverConnected: '暂时连不上服务器，正在重试',
  updatedNow: '数据刚刚更新',
  updatedMinutes: (minutes: number) => `数据更新于${minutes}分钟前`,
  updatedAt: (time: string) => `数据更新于${time}，之后没有新公布`,
  loading: '正在读取评价数据',
  willShow: '连上后会自动显示，不需要操作',
  unknownHall: (hall: string) => `没有找到编码为“${hall}”的大厅`,
  unknownRegion: (region: string) => `没有找到编码为“${region}”的区划`,
  unknownCure: '请核对这块屏幕的网址，本页每分钟自动再试一次',
};

/** Formats a rate with one decimal, as in the reports. Rounding never gives 100 % or 0 %. */
export function percent(rate: number | null): string {
  if (rate === null) return unknown;
  if (rate === 0 || rate === 1) return `${rate * 100}%`;
  return `${Math.min(99.9, Math.max(0.1, rate * 100)).toFixed(1)}%`;
}

/** Formats a rate as `percent` does. The sign is an element of its own, so that it can be smaller than the figure. */
export function percentParts(rate: number): (Node | string)[] {
  return [percent(rate).slice(0, -1), make('span.percent', '%')];
}

/**
 * Loads the font slices for all texts of the screen. The font is divided into slices by character. The slices for the
 * texts about a lost server must be loaded while the server still answers.
 */
export async function fetchFont(): Promise<void> {
  const texts = Object.values(words).map(word =>
    typeof word === 'string' ? word : (word as (...values: unknown[]) => string)('', ''),
  );
  await document.fonts.load(
    '1em "Noto Sans SC Variable"',
    `${texts.join('')}0123456789.:%～–abcdefABCDEF日一二三四五六年月`,
  );
}
