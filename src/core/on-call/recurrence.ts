/**
 * Recurrences: the n-th occurrence of a rule, and the number of the last occurrence up to a moment.
 *
 * All in wall time, by index arithmetic: nothing is replayed from the start, so that a rule twenty years old costs
 * what a new one costs. The zone is asked for one thing only: where an UNTIL given as an instant falls.
 */
import { indexOfLastUpTo } from './handoffs.ts';
import type { Rule } from './rrule.ts';
import { countUpTo, DAY_MS, modulo, type Recurrence, type Wall, WEEK_MS, weekdayOf } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** A recurrence before it is compiled: wall times, and the rule as a value. */
export type RecurrenceDefinition = {
  readonly start: Wall;
  readonly rule: Rule;
  readonly rdates: readonly Wall[];
  readonly exdates: readonly Wall[];
  readonly zone: Zone;
};

/**
 * Makes a rule answer by number. The first occurrence is the first match at or after `start`; COUNT counts what
 * `exdates` take away, and what they take away has no number.
 *
 * @see RFC 5545 3.3.10, 3.8.5
 */
export function compileRecurrence(definition: RecurrenceDefinition): Recurrence {
  const endless = compilePattern(definition.start, definition.rule);
  return amend(limit(endless, definition), definition);
}

/** A pattern of times that repeats with a fixed period, from `start` on. */
function compilePattern(start: Wall, rule: Rule): Recurrence {
  const { origin, periodMs, offsets } = patternOf(start, rule);
  const perPeriod = offsets.length;
  if (perPeriod === 0) return { at: () => undefined, indexAt: () => -1 };
  const skipped = countUpTo(offsets, start - origin - 1);

  return {
    at(index) {
      if (index < 0) return undefined;
      const position = index + skipped;
      const offset = offsets[modulo(position, perPeriod)] ?? 0;
      return origin + Math.floor(position / perPeriod) * periodMs + offset;
    },
    indexAt(wall) {
      const period = Math.floor((wall - origin) / periodMs);
      const withinPeriod = countUpTo(offsets, wall - origin - period * periodMs);
      return Math.max(-1, period * perPeriod + withinPeriod - 1 - skipped);
    },
  };
}

type Pattern = { readonly origin: Wall; readonly periodMs: number; readonly offsets: readonly number[] };

function patternOf(start: Wall, { freq, interval, byDay, weekStart }: Rule): Pattern {
  if (freq === 'WEEKLY') {
    const origin = start - modulo(weekdayOf(start) - weekStart, 7) * DAY_MS;
    const days = (byDay ?? [weekdayOf(start)]).map((day) => modulo(day - weekStart, 7));
    const offsets = [...new Set(days)].map((day) => day * DAY_MS).toSorted((a, b) => a - b);
    return { origin, periodMs: interval * WEEK_MS, offsets };
  }
  if (byDay === undefined) return { origin: start, periodMs: interval * DAY_MS, offsets: [0] };
  // Every `interval` days, whatever the interval, the weekdays repeat after seven steps.
  const steps = [0, 1, 2, 3, 4, 5, 6].map((step) => step * interval * DAY_MS);
  const offsets = steps.filter((offset) => byDay.includes(weekdayOf(start + offset)));
  return { origin: start, periodMs: interval * WEEK_MS, offsets };
}

/** Ends a recurrence at its COUNT or UNTIL. */
function limit(endless: Recurrence, { rule, zone }: RecurrenceDefinition): Recurrence {
  const size = sizeOf(endless, rule, zone);
  return {
    at: (index) => (index < size ? endless.at(index) : undefined),
    indexAt: (wall) => Math.min(endless.indexAt(wall), size - 1),
  };
}

function sizeOf(endless: Recurrence, { count, until }: Rule, zone: Zone): number {
  if (count !== undefined) return count;
  if (until === undefined) return Number.POSITIVE_INFINITY;
  return 1 + ('at' in until ? indexOfLastUpTo(until.at, endless, zone) : endless.indexAt(until.wall));
}

/** Adds the `rdates` and takes away the `exdates`; who is in both is away. */
function amend(base: Recurrence, { rdates, exdates }: RecurrenceDefinition): Recurrence {
  const isBase = (wall: Wall) => base.at(base.indexAt(wall)) === wall;
  const added = ascending(rdates.filter((wall) => !exdates.includes(wall) && !isBase(wall)));
  const removed = ascending(exdates.filter(isBase)).map((wall) => base.indexAt(wall));
  if (added.length === 0 && removed.length === 0) return base;

  const keptUpTo = (wall: Wall) => {
    const index = base.indexAt(wall);
    return index + 1 - countUpTo(removed, index);
  };
  // The number that each added date has among all, and the number of kept occurrences before each removed one.
  const addedIndexes = added.map((wall, position) => position + keptUpTo(wall));
  const keptBefore = removed.map((index, position) => index - position);

  return {
    at(index) {
      const addedUpTo = countUpTo(addedIndexes, index);
      if (addedIndexes[addedUpTo - 1] === index) return added[addedUpTo - 1];
      const kept = index - addedUpTo;
      return base.at(kept + countUpTo(keptBefore, kept));
    },
    indexAt: (wall) => keptUpTo(wall) + countUpTo(added, wall) - 1,
  };
}

function ascending(walls: readonly Wall[]): readonly Wall[] {
  return [...new Set(walls)].toSorted((a, b) => a - b);
}
