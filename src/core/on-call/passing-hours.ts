/**
 * Passing hours: every so many hours as they pass, where the local time matches what a rule names.
 *
 * Such hours drift against the clock and against every calendar, so they are found by looking at them. Nothing here
 * counts from the start; see years.ts.
 */
import { TocsinError } from '../../errors.ts';
import type { Rule } from './rrule.ts';
import { ascending, DAY_MS, dayOf, HOUR_MS, modulo, type Wall, yearOf } from './wall-clock.ts';
import { daysOfYear } from './year-days.ts';
import { januaryOf } from './year-sets.ts';
import type { YearSets } from './years.ts';
import type { Zone } from './zone.ts';

/** The clock that is never changed, the zone whose local time must match, and the times of each hour. */
export type PassingClocks = { readonly times: readonly number[]; readonly clock: Zone; readonly zone: Zone };

/** How long after the start such hours are looked for; all the hours of a century are found in some ten ms. */
const MOST_YEARS = 100;
const REPEATED_MS = 3 * HOUR_MS;
const EDGE_MS = 3 * DAY_MS;

/** The sets of an HOURLY rule that starts at `start` by `clock`. */
export function passingHours(start: Wall, rule: Rule, { times, clock, zone }: PassingClocks): YearSets {
  const daysOf = daysOfYear(rule);
  const stepMs = rule.interval * HOUR_MS;
  const origin = start - modulo(start, HOUR_MS);
  const firstYear = yearOf(start);
  const isHour = (local: Wall) => rule.byHour?.includes(Math.floor(modulo(local, DAY_MS) / HOUR_MS)) ?? true;

  const basesOf = (year: number) => {
    if (year - firstYear > MOST_YEARS) throw tooFar(year, firstYear);
    const [firstDay, nextYear] = [januaryOf(year), januaryOf(year + 1)];
    // A day of local time begins elsewhere by this clock; a day at an edge of the year may lie beyond it.
    const candidates = [year - 1, year, year + 1]
      .flatMap((one) => daysOf(one).map((day) => januaryOf(one) + day * DAY_MS))
      .filter((day) => day > firstDay - EDGE_MS && day < nextYear + EDGE_MS);
    const found = candidates.flatMap((day) => {
      const from = Math.max(clock.toWall(zone.toInstant(day)) - HOUR_MS, firstDay);
      // Its last hours may come again when clocks are put back over midnight.
      const until = Math.min(clock.toWall(zone.toInstant(day + DAY_MS)) + REPEATED_MS, nextYear);
      const ofDay: Wall[] = [];
      for (let hour = origin + Math.ceil((from - origin) / stepMs) * stepMs; hour < until; hour += stepMs) {
        for (const time of times) {
          const local = zone.toWall(clock.toInstant(hour + time));
          if (dayOf(local) === day && isHour(local)) ofDay.push(hour + time);
        }
      }
      return ofDay;
    });
    return ascending(found);
  };
  return { times: [0], startOf: januaryOf, basesOf, countOf: (year) => basesOf(year).length };
}

function tooFar(year: number, firstYear: number): TocsinError {
  return new TocsinError(
    'UNBOUNDED',
    `Cannot count hours as they pass from ${firstYear} to ${year}: ${MOST_YEARS} years are the most. Give the rule a later start, or an INTERVAL that divides 24.`,
    { details: { from: firstYear, to: year, limit: MOST_YEARS } },
  );
}
