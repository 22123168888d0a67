/**
 * The oracle's recurrences: every occurrence up to a horizon, as a list that can be looked through.
 *
 * COUNT, UNTIL, rdates and exdates are applied to that list as RFC 5545 3.3.10 and 3.8.5 say. Nothing here is fast.
 */
import type { RecurrenceInput } from '../../../../src/model/schedule.ts';
import { type Clock, clockOf, DAY, HOUR, readLocal } from './clock.ts';
import { partsOf, walkHours, walkRule } from './rule.ts';

/** Occurrences by number. `locals` ascend; where a zone skips time, `instants` may not. */
export type Walked = {
  readonly clock: Clock;
  readonly locals: readonly number[];
  readonly instants: readonly number[];
  /** Whether its hours are counted as they pass, not on the wall clock. */
  readonly isPassing: boolean;
  /** Whether there is certainly none after the horizon. */
  readonly isComplete: boolean;
};

/** Everything before the local time `horizon`. */
export function walk(input: RecurrenceInput, horizon: number): Walked {
  const clock = clockOf(input.timeZone);
  const parts = partsOf(input.rrule);
  const start = readLocal(input.start);
  const range = { start, end: horizon };
  const isPassing = parts.get('FREQ') === 'HOURLY' && 24 % Number(parts.get('INTERVAL') ?? 1) !== 0;
  // Hours that pass are told apart by their instants, everything else by local time.
  const all = isPassing ? walkHours(input.rrule, clock, range) : walkRule(input.rrule, range);
  const keyOf = (text: string) => (isPassing ? clock.toInstant(readLocal(text)) : readLocal(text));
  const atOf = (key: number) => (isPassing ? key : clock.toInstant(key));

  const count = Number(parts.get('COUNT') ?? Number.POSITIVE_INFINITY);
  const until = parts.get('UNTIL');
  const isWithin = (key: number) => {
    if (until === undefined) return true;
    const last = readUntil(until);
    return until.endsWith('Z') ? atOf(key) <= last : isPassing ? key <= clock.toInstant(last) : key <= last;
  };
  const ruled = all.slice(0, Math.min(count, all.length)).filter(isWithin);
  const away = new Set((input.exdates ?? []).map(keyOf));
  const keys = [...new Set([...ruled, ...(input.rdates ?? []).map(keyOf)])]
    .filter((key) => !away.has(key))
    .toSorted((a, b) => a - b);
  const isEnded = until !== undefined && readUntil(until) < horizon - 2 * DAY;
  return {
    clock,
    locals: isPassing ? keys.map(clock.toLocal) : keys,
    instants: keys.map(atOf),
    isPassing,
    isComplete: isEnded || all.length >= count,
  };
}

/** A bare date means until the end of that day. */
function readUntil(text: string): number {
  const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6}))?/.exec(text) ?? [];
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  if (time === undefined) return midnight + DAY - 1;
  return midnight + Number(time.slice(0, 2)) * HOUR + Number(time.slice(2, 4)) * 60_000 + Number(time.slice(4)) * 1_000;
}

/** The number of the last occurrence whose instant has come; of several on one instant the last. */
export function lastUpTo(at: number, { instants }: Walked): number {
  return instants.findLastIndex((instant) => instant <= at);
}

/** The instants in a window, ascending, each once. */
export function inWindow({ from, until }: { readonly from: number; readonly until: number }, { instants }: Walked) {
  return [...new Set(instants.filter((at) => at >= from && at < until))].toSorted((a, b) => a - b);
}
