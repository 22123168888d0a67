/**
 * Recurrences: the n-th occurrence of a rule, and the number of the last occurrence up to a moment.
 *
 * All in wall time. A rule that repeats with a fixed period, or whose days every month has, is answered by arithmetic,
 * any other one year by year; nothing is replayed from the start, so that a rule twenty years old costs what a new one
 * costs. The zone is asked for two things only: where an UNTIL given as an instant falls, and the local time of hours
 * that are counted as they pass.
 */
import { isTocsinError } from '../../errors.ts';
import { amend } from './amend.ts';
import { timesOfDay, timesOfHour } from './day-times.ts';
import { indexOfLastUpTo, type Timetable } from './handoffs.ts';
import { compileMonths } from './months.ts';
import { passingHours } from './passing-hours.ts';
import { compilePattern, hoursOf, patternOf } from './pattern.ts';
import type { Rule, Until } from './rrule.ts';
import { DAY_MS, NEVER, type Recurrence, type Wall, weekdayOf } from './wall-clock.ts';
import { yearSetsOf } from './year-sets.ts';
import { compileYears } from './years.ts';
import { fixedClock, type Zone } from './zone.ts';

/** A recurrence before it is compiled: wall times of the zone, and the rule as a value. */
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
 * HOURLY rules step on the wall clock when their interval divides the day, so that they keep their hours. Others count
 * hours as they pass: their clock is the one of `start`, never changed.
 *
 * @see RFC 5545 3.3.10, 3.8.5
 */
export function compileRecurrence(definition: RecurrenceDefinition): Timetable {
  const { rule, zone } = definition;
  if (rule.freq === 'HOURLY' && 24 % rule.interval !== 0) return compilePassing(definition);
  return { recurrence: amend(limit(compileRule(definition), rule, zone), definition), zone };
}

function compileRule({ start, rule: given }: RecurrenceDefinition): Recurrence {
  const rule = withDays(start, given);
  const times = timesOfDay(start, rule);
  if (times.length === 0) return NEVER;
  const { freq, byMonth, byMonthDay, byYearDay } = rule;
  const isCalendar = freq === 'MONTHLY' || freq === 'YEARLY';
  if (!isCalendar && byMonth === undefined && byMonthDay === undefined && byYearDay === undefined)
    return compilePattern(start, patternOf(start, rule, times));
  const byMonths = isCalendar ? compileMonths(start, rule, times) : undefined;
  return byMonths ?? compileYears(start, yearSetsOf(start, rule, times));
}

/** The rule with the days that it leaves to its start. */
function withDays(start: Wall, rule: Rule): Rule {
  const { freq, byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = rule;
  if (byDay !== undefined || byMonthDay !== undefined || byYearDay !== undefined) return rule;
  const date = new Date(start);
  const today = { ...rule, byMonthDay: [date.getUTCDate()] };
  if (freq === 'MONTHLY') return today;
  if (freq !== 'YEARLY') return rule;
  if (byWeekNo !== undefined) return { ...rule, byDay: [{ weekday: weekdayOf(start), nth: undefined }] };
  return { ...today, byMonth: byMonth ?? [date.getUTCMonth() + 1] };
}

/** Every so many hours as they pass. */
function compilePassing({ start, rule, rdates, exdates, zone }: RecurrenceDefinition): Timetable {
  const startAt = zone.toInstant(start);
  const clock = fixedClock(zone.timeZone, start - startAt);
  const times = timesOfHour(start, rule);
  const isFiltered = [rule.byMonth, rule.byMonthDay, rule.byYearDay, rule.byDay, rule.byHour].some(
    (part) => part !== undefined,
  );
  const endless = isFiltered
    ? unlessNever(compileYears(start, passingHours(start, rule, { times, clock, zone })))
    : compilePattern(start, hoursOf(start, rule));
  // Local times that stand beside the rule are those of the zone.
  const onClock = (wall: Wall) => clock.toWall(zone.toInstant(wall));
  const { until } = rule;
  const ended = until !== undefined && 'wall' in until ? { ...rule, until: { wall: onClock(until.wall) } } : rule;
  const limited = limit(endless, ended, clock);
  return {
    recurrence: amend(limited, { rdates: rdates.map(onClock), exdates: exdates.map(onClock) }),
    zone: clock,
  };
}

/** Hours that never come are looked for until their century ends; that is found out once. */
function unlessNever(recurrence: Recurrence): Recurrence {
  try {
    return recurrence.at(0) === undefined ? NEVER : recurrence;
  } catch (error) {
    if (isTocsinError(error, 'UNBOUNDED')) return NEVER;
    throw error;
  }
}

/** Ends a recurrence at its COUNT or UNTIL. */
function limit(endless: Recurrence, { count, until }: Rule, zone: Zone): Recurrence {
  if (count !== undefined) {
    return {
      at: (index) => (index < count ? endless.at(index) : undefined),
      indexAt: (wall) => Math.min(endless.indexAt(wall), count - 1),
    };
  }
  return until === undefined ? endless : limitUntil(endless, until, zone);
}

function limitUntil(endless: Recurrence, until: Until, zone: Zone): Recurrence {
  // Up to a day before its end a rule is as if it had none, and the number of the last occurrence need not be known.
  const safeUntil = ('at' in until ? zone.toWall(until.at) : until.wall) - DAY_MS;
  let known: number | undefined;
  const last = () => {
    known ??= 'at' in until ? indexOfLastUpTo(until.at, { recurrence: endless, zone }) : endless.indexAt(until.wall);
    return known;
  };
  return {
    at(index) {
      const wall = endless.at(index);
      return wall === undefined || wall < safeUntil || index <= last() ? wall : undefined;
    },
    indexAt: (wall) => (wall < safeUntil ? endless.indexAt(wall) : Math.min(endless.indexAt(wall), last())),
  };
}
