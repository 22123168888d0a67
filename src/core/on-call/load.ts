/**
 * Load: how much of the on-call duty each person bears.
 *
 * Counts what the schedule says, in the local time of the schedule; it never judges what is fair.
 */
import { overlaps, type Span } from './span.ts';
import type { Stint } from './sweep.ts';
import { DAY_MS, HOUR_MS, type Wall, WEEK_MS } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** What one person bears within a window. */
export type Load = {
  readonly user: string;
  /** Hours on call, as they pass: a night of a clock change has one more or less. */
  readonly hours: number;
  /** Nights touched, from 22:00 to 06:00 local time. */
  readonly nights: number;
  /** Weekends touched, Saturday and Sunday local time. */
  readonly weekends: number;
  /** Of the given holidays, those touched, from midnight to midnight local time. */
  readonly holidays: number;
  /** Unbroken stretches of duty. */
  readonly shifts: number;
};

/** The load of everybody in `stints`, ascending by user. `holidays` are midnights. */
export function loadOf(stints: readonly Stint[], zone: Zone, holidays: readonly Wall[]): Load[] {
  const daysOff = [...new Set(holidays)]
    .map((wall) => ({ startAt: zone.toInstant(wall), endAt: zone.toInstant(wall + DAY_MS) }))
    // What a zone skips whole has no length.
    .filter(({ startAt, endAt }) => startAt < endAt);
  const byUser = new Map<string, Stint[]>();
  for (const stint of stints) {
    const own = byUser.get(stint.duty.user);
    if (own === undefined) byUser.set(stint.duty.user, [stint]);
    else own.push(stint);
  }
  return [...byUser]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([user, own]) => ({
      user,
      hours: own.reduce((sum, { startAt, endAt }) => sum + endAt - startAt, 0) / HOUR_MS,
      nights: countTouched(own, NIGHT, zone),
      weekends: countTouched(own, WEEKEND, zone),
      holidays: daysOff.filter((day) => own.some((stint) => overlaps(stint, day))).length,
      shifts: own.length,
    }));
}

/** Something that recurs on the wall clock: `firstWall` is the beginning of number 0. */
type Recurring = { readonly firstWall: number; readonly everyMs: number; readonly lengthMs: number };

const NIGHT: Recurring = { firstWall: -2 * HOUR_MS, everyMs: DAY_MS, lengthMs: 8 * HOUR_MS };
// 1970-01-03 was a Saturday.
const WEEKEND: Recurring = { firstWall: 2 * DAY_MS, everyMs: WEEK_MS, lengthMs: 2 * DAY_MS };

function countTouched(spans: readonly Span[], recurring: Recurring, zone: Zone): number {
  const touched = new Set<number>();
  for (const span of spans) {
    // One more on either side, because a clock change may pull a boundary across the end of the span.
    const last = numberAt(zone.toWall(span.endAt), recurring) + 1;
    for (let number = numberAt(zone.toWall(span.startAt), recurring) - 1; number <= last; number += 1) {
      const one = spanOf(number, recurring, zone);
      // What a zone skips whole has no length.
      if (one.startAt < one.endAt && overlaps(span, one)) touched.add(number);
    }
  }
  return touched.size;
}

function numberAt(wall: number, { firstWall, everyMs }: Recurring): number {
  return Math.floor((wall - firstWall) / everyMs);
}

function spanOf(number: number, { firstWall, everyMs, lengthMs }: Recurring, zone: Zone): Span {
  const wall = firstWall + number * everyMs;
  return { startAt: zone.toInstant(wall), endAt: zone.toInstant(wall + lengthMs) };
}
