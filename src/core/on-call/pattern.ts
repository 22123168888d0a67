/**
 * Patterns: times that repeat with a fixed period of milliseconds, answered by arithmetic.
 *
 * What depends on months or years is no pattern; see months.ts and years.ts.
 */
import { timesOfHour } from './day-times.ts';
import type { Rule } from './rrule.ts';
import { positionsIn } from './set-positions.ts';
import {
  ascending,
  countUpTo,
  DAY_MS,
  dayOf,
  HOUR_MS,
  modulo,
  NEVER,
  type Recurrence,
  type Wall,
  WEEK_MS,
  weekdayOf,
} from './wall-clock.ts';

/** Times that repeat: `offsets`, ascending and within the period, are counted from `origin`. */
export type Pattern = { readonly origin: Wall; readonly periodMs: number; readonly offsets: readonly number[] };

/** Makes a pattern answer by number, from `start` on. */
export function compilePattern(start: Wall, { origin, periodMs, offsets }: Pattern): Recurrence {
  const perPeriod = offsets.length;
  if (perPeriod === 0) return NEVER;
  const skipped = countUpTo(offsets, start - origin - 1);

  return {
    cycle: { periodMs, count: perPeriod },
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

/**
 * The pattern of a DAILY or WEEKLY rule, or of an HOURLY one that steps by whole parts of a day, whose days depend on
 * weekdays alone; `times` are those of each day.
 */
export function patternOf(start: Wall, rule: Rule, times: readonly number[]): Pattern {
  const { freq, byDay, byHour, weekStart, bySetPos } = rule;
  if (freq === 'HOURLY' && byDay === undefined && byHour === undefined) return hoursOf(start, rule);
  const weekdays = byDay?.map(({ weekday }) => weekday);
  const today = dayOf(start);
  if (freq === 'WEEKLY') {
    const origin = today - modulo(weekdayOf(start) - weekStart, 7) * DAY_MS;
    const days = ascending((weekdays ?? [weekdayOf(start)]).map((day) => modulo(day - weekStart, 7) * DAY_MS));
    const all = timesOn(days, times);
    const offsets = bySetPos === undefined ? all : positionsIn(all.length, bySetPos).map((index) => all[index] ?? 0);
    return { origin, periodMs: rule.interval * WEEK_MS, offsets };
  }
  const stepMs = (freq === 'DAILY' ? rule.interval : 1) * DAY_MS;
  if (weekdays === undefined) return { origin: today, periodMs: stepMs, offsets: times };
  // Every so many days, however many, the weekdays repeat after seven steps.
  const steps = [0, 1, 2, 3, 4, 5, 6].map((step) => step * stepMs);
  const days = steps.filter((offset) => weekdays.includes(weekdayOf(start + offset)));
  return { origin: today, periodMs: 7 * stepMs, offsets: timesOn(days, times) };
}

/** Every so many hours of an HOURLY rule that names no others. */
export function hoursOf(start: Wall, rule: Rule): Pattern {
  return {
    origin: start - modulo(start, HOUR_MS),
    periodMs: rule.interval * HOUR_MS,
    offsets: timesOfHour(start, rule),
  };
}

function timesOn(days: readonly number[], times: readonly number[]): readonly number[] {
  return days.flatMap((day) => times.map((time) => day + time));
}
