/**
 * Wall clocks: local time as a number, so that calendar arithmetic is plain arithmetic.
 *
 * A wall time is the epoch ms that the same digits would have in UTC. It is not an instant: only a zone
 * (see zone.ts) makes one of it.
 */

/** Local time as if it were UTC, in ms. */
export type Wall = number;

/** Occurrences, ascending and numbered from 0, in wall time. */
export type Recurrence = {
  /** The occurrence of that number, or `undefined` when there is none. */
  at(index: number): Wall | undefined;
  /** The number of the last occurrence at or before `wall`; -1 when there is none. */
  indexAt(wall: Wall): number;
};

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** The weekdays as RFC 5545 writes them, Monday first. */
export const WEEKDAYS: readonly string[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

// 1970-01-01 was a Thursday, three days after a Monday.
const EPOCH_WEEKDAY = 3;

/** The wall time written as `2026-01-05T09:00:00`, or `undefined` when no calendar has that day. */
export function parseWall(text: string): Wall | undefined {
  const wall = Date.parse(`${text}Z`);
  // Date reads February 30 as March 2; what does not read back as itself does not exist.
  return Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(text) ? undefined : wall;
}

/** The weekday of a wall time: 0 is Monday, 6 is Sunday. */
export function weekdayOf(wall: Wall): number {
  return modulo(Math.floor(wall / DAY_MS) + EPOCH_WEEKDAY, 7);
}

/** The remainder with the sign of `divisor`, which is what calendars need. */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** How many numbers of the ascending `sorted` are at most `value`. */
export function countUpTo(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
