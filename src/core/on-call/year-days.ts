/**
 * Days of a year: which days of a calendar year the day parts of a rule name.
 *
 * The one place that asks the `rrule` package, and it asks for whole days of one year in fake UTC only: no zone, no time
 * of day, no interval, no counting. A year is alike every other one that begins on the same weekday and is as long (and
 * whose last weeks of the year before are), so that a rule is asked 21 times at most, however long it runs.
 */
import rrule, { type Options } from 'rrule';
import type { Rule } from './rrule.ts';
import { ascending, DAY_MS, midnightOf, weekdayOf } from './wall-clock.ts';

const { RRule, Weekday } = rrule;

/** The days of a year, numbered from 0 for 1 January, ascending. */
export type DaysOfYear = (year: number) => readonly number[];

/** Makes the day parts of `rule` (BYMONTH, BYYEARDAY, BYMONTHDAY, BYDAY) answer for any year. */
export function daysOfYear(rule: Rule): DaysOfYear {
  const { byMonth, byYearDay, byMonthDay, byDay } = rule;
  const isOfMonths = rule.freq === 'MONTHLY';
  const parts = JSON.stringify([isOfMonths, byMonth, byYearDay, byMonthDay, byDay]);
  const known = tables.get(parts) ?? new Map<number, readonly number[]>();
  if (!tables.has(parts)) {
    if (tables.size >= KEPT_TABLES) tables.clear();
    tables.set(parts, known);
  }
  return (year) => {
    const shape = shapeOf(year);
    const days = known.get(shape) ?? askLibrary(rule, lastOf(shape));
    known.set(shape, days);
    return days;
  };
}

// Facts of the calendar, not state: rules that name the same days share what the library said of them.
const tables = new Map<string, Map<number, readonly number[]>>();
const KEPT_TABLES = 200;

/** Everything about a year that its days and weeks depend on, as a number from 0 to 27. */
export function shapeOf(year: number): number {
  return weekdayOf(midnightOf(year, 0, 1)) * 4 + (isLeap(year) ? 2 : 0) + (isLeap(year - 1) ? 1 : 0);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * The last year of that shape that the library knows: where a rule names no day, the library goes on looking until its
 * calendar ends.
 */
function lastOf(shape: number): number {
  let year = LAST_YEAR;
  while (shapeOf(year) !== shape) year -= 1;
  return year;
}

const LAST_YEAR = 9_999;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const EVERY_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function askLibrary({ freq, byMonth, byYearDay, byMonthDay, byDay }: Rule, year: number) {
  const firstDay = midnightOf(year, 0, 1);
  const options: Partial<Options> = {
    freq: RRule.YEARLY,
    dtstart: new Date(firstDay),
    until: new Date(midnightOf(year, 11, 31)),
    // Of a monthly rule the n-th weekday is that of the month; so it is of a yearly rule that names months.
    ...listed('bymonth', byMonth ?? (freq === 'MONTHLY' ? EVERY_MONTH : undefined)),
    ...listed('byyearday', byYearDay),
    ...listed('bymonthday', byMonthDay),
  };
  // The library takes weekdays with and without a number as conditions that must both hold; the standard, as alternatives.
  const plain = byDay?.flatMap(({ weekday, nth }) => (nth === undefined ? [weekday] : [])) ?? EVERY_DAY;
  const nth = byDay?.flatMap((day) => (day.nth === undefined ? [] : [new Weekday(day.weekday, day.nth)])) ?? [];
  const dates = [plain, nth]
    .filter((weekdays) => weekdays.length > 0)
    .flatMap((byweekday) => new RRule({ ...options, byweekday }, true).all());
  return ascending(dates.map((date) => (date.getTime() - firstDay) / DAY_MS));
}

function listed(name: keyof Options, numbers: readonly number[] | undefined): Partial<Options> {
  return numbers === undefined ? {} : { [name]: [...numbers] };
}
