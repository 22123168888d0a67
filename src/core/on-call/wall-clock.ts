/**
 * Wall clocks: local time as a number, so that calendar arithmetic is plain arithmetic.
 *
 * A wall time is the epoch ms that the same digits would have in UTC. It is not an instant: only a zone
 * (see zone.ts) makes one of it.
 */

/** Local time as if it were UTC, in ms. */
export type Wall = number;

/** A stretch after which occurrences repeat: `count` of them in every `periodMs`, from number 0 on. */
export type Cycle = { readonly periodMs: number; readonly count: number };

/** Occurrences, ascending and numbered from 0, in wall time. */
export type Recurrence = {
  /** The occurrence of that number, or `undefined` when there is none. */
  at(index: number): Wall | undefined;
  /** The number of the last occurrence at or before `wall`; -1 when there is none. */
  indexAt(wall: Wall): number;
  /** How the occurrences repeat for as long as there are any, where that is known. */
  readonly cycle?: Cycle | undefined;
};

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** The weekdays as RFC 5545 writes them, Monday first. */
export const WEEKDAYS: readonly string[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Nothing that never happens: a recurrence without an occurrence. */
export const NEVER: Recurrence = { at: () => undefined, indexAt: () => -1 };

// 1970-01-01 was a Thursday, three days after a Monday.
const EPOCH_WEEKDAY = 3;
/** After 400 years the calendar repeats, weekdays included. */
const ERA_YEARS = 400;
const ERA_MS = 146_097 * DAY_MS;

const WALL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** The wall time written as `2026-01-05T09:00:00`, or `undefined` when no calendar or clock has it. */
export function parseWall(text: string): Wall | undefined {
  const found = WALL.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hours, minutes, second] = found.map(Number);
  if (year === undefined || month === undefined || day === undefined || hours === undefined || minutes === undefined)
    return undefined;
  const seconds = found[6] === undefined ? 0 : (second ?? 0);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const midnight = midnightOf(year, month - 1, day);
  // Date reads February 30 as March 2; what does not read back as itself does not exist.
  const isDay = new Date(midnight).getUTCDate() === day && month >= 1 && month <= 12;
  return isDay ? midnight + hours * HOUR_MS + minutes * 60_000 + seconds * 1_000 : undefined;
}

/** The weekday of a wall time: 0 is Monday, 6 is Sunday. */
export function weekdayOf(wall: Wall): number {
  return modulo(Math.floor(wall / DAY_MS) + EPOCH_WEEKDAY, 7);
}

/** Midnight of a day; `month` counts from 0 and may run beyond 11, `day` counts from 1. */
export function midnightOf(year: number, month: number, day: number): Wall {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return Date.UTC(year + ERA_YEARS, month, day) - ERA_MS;
}

/** The year of a wall time. */
export function yearOf(wall: Wall): number {
  return new Date(wall).getUTCFullYear();
}

/** Midnight of the day of a wall time. */
export function dayOf(wall: Wall): Wall {
  return wall - modulo(wall, DAY_MS);
}

/** The remainder with the sign of `divisor`, which is what calendars need. */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** The least common multiple of two whole numbers. */
export function leastCommonMultiple(one: number, other: number): number {
  let [a, b] = [one, other];
  while (b > 0) [a, b] = [b, a % b];
  return (one / a) * other;
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

/** The numbers in ascending order, each once. */
export function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}
