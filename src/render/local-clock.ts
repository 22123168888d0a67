/**
 * The clock on the wall of a zone: what it shows at an instant, and where that lies on an axis of wall-clock days.
 *
 * A local time is epoch ms as if the wall were in UTC. It never asks the zone, the locale or the clock of the process.
 */
import { DateTime } from 'luxon';

/** One hour, in ms. */
export const HOUR_MS = 3_600_000;
/** One day on the wall, in ms. */
export const DAY_MS = 86_400_000;
/** One week on the wall, in ms. */
export const WEEK_MS = 7 * DAY_MS;

/** The clock on the wall of one zone. */
export type LocalClock = {
  /** What the wall is ahead of UTC at `at`, in ms. */
  offsetAt(at: number): number;
  /** What the wall shows at `at`. */
  wallAt(at: number): number;
  /**
   * Where `at` lies on the axis: what the wall shows, except that it never runs backwards. When clocks go back, the hour
   * that comes a second time lies where it ended the first time.
   */
  axisAt(at: number): number;
  /** The first instant at which the wall shows `wall`; one that it skips moves forward by the gap. */
  instantOf(wall: number): number;
};

/** The clock of a zone, which must be valid. */
export function clockOf(zone: string): LocalClock {
  const offsetAt = (at: number) => Math.round(DateTime.fromMillis(at, { zone }).offset * 60_000);
  const wallAt = (at: number) => at + offsetAt(at);
  return {
    offsetAt,
    wallAt,
    axisAt(at) {
      const before = offsetAt(at - DAY_MS);
      if (before <= offsetAt(at)) return wallAt(at);
      return Math.max(wallAt(at), lastInstantOf(before, at - DAY_MS, at) + before);
    },
    instantOf(wall) {
      const before = offsetAt(wall - DAY_MS);
      const found = [before, offsetAt(wall + DAY_MS)].map((offset) => wall - offset).find((at) => wallAt(at) === wall);
      return found ?? wall - before;
    },
  };

  /** The end of the time at `offset`, which holds at `from` and no longer at `until`. */
  function lastInstantOf(offset: number, from: number, until: number): number {
    let holds = from;
    let over = until;
    while (over - holds > 1) {
      const middle = Math.floor((holds + over) / 2);
      if (offsetAt(middle) === offset) holds = middle;
      else over = middle;
    }
    return over;
  }
}

/**
 * What the wall is ahead of UTC, asked once for each end of a day: a page has hundreds of moments, and a zone is slow to
 * answer. Only a day on which clocks change is looked at closely.
 */
export function rememberedOffsets(clock: LocalClock): (at: number) => number {
  const known = new Map<number, number>();
  const atMidnight = (day: number) => {
    const found = known.get(day) ?? clock.offsetAt(day * DAY_MS);
    known.set(day, found);
    return found;
  };
  return (at) => {
    const day = Math.floor(at / DAY_MS);
    const before = atMidnight(day);
    return before === atMidnight(day + 1) ? before : clock.offsetAt(at);
  };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The parts of a local time, in words that no locale changes. */
export function wallParts(wall: number): {
  readonly weekday: string;
  readonly day: number;
  readonly month: string;
  readonly year: number;
  /** `2026-01-05` */
  readonly date: string;
  /** `09:00`, with seconds only when there are some. */
  readonly time: string;
} {
  const utc = new Date(wall);
  const iso = utc.toISOString();
  const time = iso.slice(iso.indexOf('T') + 1);
  return {
    weekday: DAYS[utc.getUTCDay()] ?? '',
    day: utc.getUTCDate(),
    month: MONTHS[utc.getUTCMonth()] ?? '',
    year: utc.getUTCFullYear(),
    date: iso.slice(0, iso.indexOf('T')),
    time: time.slice(6, 8) === '00' ? time.slice(0, 5) : time.slice(0, 8),
  };
}

/** An offset for people: `+05:30`. */
export function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
