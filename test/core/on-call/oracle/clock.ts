/**
 * The oracle's clock: local time and instants of a zone, by asking Luxon for offsets of instants and trying them all.
 *
 * It shares nothing with src/core/on-call/zone.ts, and never asks Luxon to read a local time.
 */
import { IANAZone } from 'luxon';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Local time is a number: the epoch ms that its digits would have in UTC. */
export type Clock = {
  offsetAt(at: number): number;
  toLocal(at: number): number;
  /** The first instant of a local time; one that does not exist moves forward by the gap. */
  toInstant(local: number): number;
};

const clocks = new Map<string, Clock>();

export function clockOf(timeZone: string): Clock {
  const known = clocks.get(timeZone) ?? makeClock(timeZone);
  clocks.set(timeZone, known);
  return known;
}

function makeClock(timeZone: string): Clock {
  const zone = IANAZone.create(timeZone);
  const read = (at: number) => Math.round(zone.offset(at) * MINUTE);
  const mornings = new Map<number, number>();
  const morning = (day: number) => {
    const offset = mornings.get(day) ?? read(day * DAY);
    mornings.set(day, offset);
    return offset;
  };
  const offsetAt = (at: number) => {
    const day = Math.floor(at / DAY);
    // No zone changes its clocks twice within a day.
    return morning(day) === morning(day + 1) ? morning(day) : read(at);
  };
  const toInstant = (local: number) => {
    // Of no zone do clocks differ from UTC, or change, by more than a day and a half.
    const [before, after] = [offsetAt(local - 1.5 * DAY), offsetAt(local + 1.5 * DAY)];
    const exact = [before, after].map((offset) => local - offset).filter((at) => at + offsetAt(at) === local);
    return exact.length > 0 ? Math.min(...exact) : local - before;
  };
  return { offsetAt, toInstant, toLocal: (at) => at + offsetAt(at) };
}

/** The instants in a span at which clocks are changed, found by looking at every day and then at every second. */
export function changesOf(clock: Clock, { from, until }: { readonly from: number; readonly until: number }) {
  const found: number[] = [];
  for (let morning = from; morning < until; morning += DAY) {
    let [same, changed] = [Math.floor(morning / 1_000), Math.floor((morning + DAY) / 1_000)];
    const before = clock.offsetAt(same * 1_000);
    if (before === clock.offsetAt(changed * 1_000)) continue;
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (clock.offsetAt(middle * 1_000) === before) same = middle;
      else changed = middle;
    }
    found.push(changed * 1_000);
  }
  return found;
}

/** `2026-01-05T09:00:00`. */
export function localText(local: number): string {
  return new Date(local).toISOString().slice(0, 19);
}

/** The local time of such a text. */
export function readLocal(text: string): number {
  return Date.parse(`${text}Z`);
}
