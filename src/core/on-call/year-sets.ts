/**
 * Year sets: the occurrences of a rule within one year, from the days that its parts name.
 *
 * Steps, sets and BYSETPOS are applied here; which days a part names is the business of year-days.ts. Nothing here
 * counts from the start.
 */
import type { Rule } from './rrule.ts';
import { positionsIn } from './set-positions.ts';
import { ascending, DAY_MS, dayOf, midnightOf, modulo, type Wall, WEEK_MS, weekdayOf, yearOf } from './wall-clock.ts';
import { type DaysOfYear, daysOfYear, shapeOf } from './year-days.ts';
import { type YearSets, yearAt } from './years.ts';

/** The days of one year that belong together: BYSETPOS chooses within each. */
type Sets = readonly (readonly Wall[])[];

/** The sets of a rule that names its days; `times` are those of each day. */
export function yearSetsOf(start: Wall, rule: Rule, times: readonly number[]): YearSets {
  const calendar = calendarOf(start, rule);
  // What HOURLY and DAILY rules choose has been chosen among the times.
  const bySetPos = rule.freq === 'HOURLY' || rule.freq === 'DAILY' ? undefined : rule.bySetPos;
  const chosenOf = (days: readonly Wall[]) =>
    positionsIn(days.length * times.length, bySetPos ?? []).map(
      (place) => (days[Math.floor(place / times.length)] ?? 0) + (times[place % times.length] ?? 0),
    );
  const basesOf = (year: number) =>
    bySetPos === undefined ? calendar.setsOf(year).flat() : calendar.setsOf(year).flatMap(chosenOf);

  const counts = countsOf(
    JSON.stringify({ ...rule, count: 0, until: 0, byHour: 0, weekday: weekdayOf(start), times: times.length }),
  );
  return {
    startOf: calendar.startOf,
    basesOf,
    times: bySetPos === undefined ? times : [0],
    countOf(year) {
      // Years of one shape, before one of one shape, and as many steps away, are alike; weeks reach into the next year.
      const kind = shapeOf(year) + 28 * (shapeOf(year + 1) + 28 * calendar.stepOf(year));
      const count = counts.get(kind) ?? basesOf(year).length;
      counts.set(kind, count);
      return count;
    },
  };
}

// Facts of the calendar, not state: rules that step alike share how many occurrences a year of one kind has.
const shared = new Map<string, Map<number, number>>();
const KEPT_RULES = 200;

function countsOf(rule: string): Map<number, number> {
  const known = shared.get(rule);
  if (known !== undefined) return known;
  if (shared.size >= KEPT_RULES) shared.clear();
  const counts = new Map<number, number>();
  shared.set(rule, counts);
  return counts;
}

type Calendar = {
  startOf(year: number): Wall;
  setsOf(year: number): Sets;
  /** How far a year is from the last step before it. */
  stepOf(year: number): number;
};

function calendarOf(start: Wall, rule: Rule): Calendar {
  switch (rule.freq) {
    case 'YEARLY':
      return rule.byWeekNo === undefined ? years(start, rule) : yearsOfWeeks(start, rule);
    case 'MONTHLY':
      return months(start, rule);
    case 'WEEKLY':
      return weeks(start, rule);
    case 'DAILY':
    case 'HOURLY':
      return days(start, rule);
  }
}

function years(start: Wall, rule: Rule): Calendar {
  const daysOf = daysOfYear(rule);
  const stepOf = stepsFrom(yearOf(start), rule.interval);
  return { startOf: januaryOf, stepOf, setsOf: (year) => (stepOf(year) === 0 ? [wallsOf(year, daysOf)] : []) };
}

/**
 * A week that is numbered belongs to the year that it is numbered in, whichever its days lie in. The `rrule` package counts
 * such weeks otherwise around New Year, and is not asked for them.
 */
function yearsOfWeeks(start: Wall, rule: Rule): Calendar {
  const daysOf = daysOfYear({ ...rule, byWeekNo: undefined });
  // Week 1 is the one that 4 January lies in.
  const startOf = (year: number) => weekOf(midnightOf(year, 0, 4), rule.weekStart);
  const stepOf = stepsFrom(yearAt(start, startOf), rule.interval);
  return {
    startOf,
    stepOf,
    setsOf(year) {
      if (stepOf(year) !== 0) return [];
      const [from, until] = [startOf(year), startOf(year + 1)];
      const weeks = new Set(
        rule.byWeekNo?.map((week) => (week > 0 ? from + (week - 1) * WEEK_MS : until + week * WEEK_MS)),
      );
      const near = [year - 1, year, year + 1].flatMap((one) => wallsOf(one, daysOf));
      return [near.filter((day) => day >= from && day < until && weeks.has(weekOf(day, rule.weekStart)))];
    },
  };
}

function months(start: Wall, rule: Rule): Calendar {
  const daysOf = daysOfYear(rule);
  const stepOf = stepsFrom(yearOf(start) * 12 + new Date(start).getUTCMonth(), rule.interval);
  return {
    startOf: januaryOf,
    stepOf: (year) => stepOf(year * 12),
    setsOf(year) {
      const all = wallsOf(year, daysOf);
      const sets: Wall[][] = [];
      let next = 0;
      for (let month = 0; month < 12 && next < all.length; month += 1) {
        const set: Wall[] = [];
        const endWall = midnightOf(year, month + 1, 1);
        for (let day = all[next]; day !== undefined && day < endWall; day = all[next]) {
          set.push(day);
          next += 1;
        }
        if (set.length > 0 && stepOf(year * 12 + month) === 0) sets.push(set);
      }
      return sets;
    },
  };
}

/** Weeks that begin in a year belong to it as a whole. */
function weeks(start: Wall, { interval, byDay, byMonth, weekStart }: Rule): Calendar {
  const weekdays = byDay?.map(({ weekday }) => weekday) ?? [weekdayOf(start)];
  const offsets = ascending(weekdays.map((day) => modulo(day - weekStart, 7) * DAY_MS));
  const stepOf = stepsFrom(weekOf(start, weekStart) / DAY_MS, 7 * interval);
  const startOf = (year: number) => weekOf(januaryOf(year) + 6 * DAY_MS, weekStart);
  return {
    startOf,
    stepOf: (year) => stepOf(startOf(year) / DAY_MS),
    setsOf(year) {
      const untilStep = stepOf(startOf(year) / DAY_MS);
      const sets: Wall[][] = [];
      const firstWeek = startOf(year) + (untilStep === 0 ? 0 : 7 * interval - untilStep) * DAY_MS;
      for (let week = firstWeek; week < startOf(year + 1); week += interval * WEEK_MS) {
        const all = offsets.map((offset) => week + offset);
        sets.push(all.filter((day) => byMonth?.includes(new Date(day).getUTCMonth() + 1) ?? true));
      }
      return sets;
    },
  };
}

function days(start: Wall, rule: Rule): Calendar {
  const daysOf = daysOfYear(rule);
  const stepOf = stepsFrom(dayOf(start) / DAY_MS, rule.freq === 'DAILY' ? rule.interval : 1);
  return {
    startOf: januaryOf,
    stepOf: (year) => stepOf(januaryOf(year) / DAY_MS),
    setsOf: (year) => [wallsOf(year, daysOf).filter((day) => stepOf(day / DAY_MS) === 0)],
  };
}

/** How far a number is from the last whole step of `interval` from `from` before it; 0 when it is one. */
function stepsFrom(from: number, interval: number): (number: number) => number {
  return (number) => modulo(number - from, interval);
}

function wallsOf(year: number, daysOf: DaysOfYear): readonly Wall[] {
  const days = daysOf(year);
  if (days.length === 0) return [];
  const january = januaryOf(year);
  return days.map((day) => january + day * DAY_MS);
}

/** Midnight of 1 January. */
export function januaryOf(year: number): Wall {
  return midnightOf(year, 0, 1);
}

/** The beginning of the week of a wall time. */
function weekOf(wall: Wall, weekStart: number): Wall {
  return dayOf(wall) - modulo(weekdayOf(wall) - weekStart, 7) * DAY_MS;
}
