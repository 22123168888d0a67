/**
 * Years: rules whose days differ from year to year, counted year by year.
 *
 * How many occurrences the years before have is worked out once for each year and kept; the occurrences themselves are
 * made for the year that is asked about. Which ones there are is the business of year-sets.ts.
 */
import { countUpTo, type Recurrence, type Wall, yearOf } from './wall-clock.ts';

/** The occurrences of a rule, cut into years: every base with every time is one. */
export type YearSets = {
  /** Where a year begins for this rule: a set of occurrences that belong together lies in one year. */
  startOf(year: number): Wall;
  /** What the times of a year are added to, ascending: the next one comes after the last time of the one before. */
  basesOf(year: number): readonly Wall[];
  /** How many bases a year has. */
  countOf(year: number): number;
  readonly times: readonly number[];
};

// The years that a local time can name.
const LAST_YEAR = 9_999;
/** How many years are kept in full: a schedule is asked about the same few again and again. */
const KEPT_YEARS = 16;

/** The year of `wall` when years begin at `startOf`. */
export function yearAt(wall: Wall, startOf: YearSets['startOf']): number {
  const year = yearOf(wall);
  if (wall < startOf(year)) return year - 1;
  return wall < startOf(year + 1) ? year : year + 1;
}

/** Makes a rule answer by number, from `start` on. */
export function compileYears(start: Wall, { startOf, basesOf, countOf, times }: YearSets): Recurrence {
  const perBase = times.length;
  const upTo = (bases: readonly Wall[], wall: Wall) => {
    const begun = countUpTo(bases, wall);
    return begun === 0 ? 0 : (begun - 1) * perBase + countUpTo(times, wall - (bases[begun - 1] ?? 0));
  };

  const firstYear = yearAt(start, startOf);
  const skipped = upTo(basesOf(firstYear), start - 1);
  /** How many occurrences the years before `firstYear + n` have, those before the start left out. */
  const before: number[] = [0];
  const countBefore = (year: number) => {
    for (let next = before.length; next <= year - firstYear; next += 1) {
      const ofYear = countOf(firstYear + next - 1) * perBase;
      before.push((before[next - 1] ?? 0) + ofYear - (next === 1 ? skipped : 0));
    }
    return before[year - firstYear] ?? 0;
  };

  const kept = new Map<number, readonly Wall[]>();
  const keptBases = (year: number) => {
    const known = kept.get(year);
    if (known !== undefined) return known;
    if (kept.size >= KEPT_YEARS) kept.clear();
    const bases = basesOf(year);
    kept.set(year, bases);
    return bases;
  };
  const cutOf = (year: number) => (year === firstYear ? skipped : 0);

  return {
    at(index) {
      if (index < 0) return undefined;
      let year = firstYear + countUpTo(before, index) - 1;
      while (countBefore(year + 1) <= index) {
        if (year >= LAST_YEAR) return undefined;
        year += 1;
      }
      const place = index - countBefore(year) + cutOf(year);
      const base = keptBases(year)[Math.floor(place / perBase)];
      return base === undefined ? undefined : base + (times[place % perBase] ?? 0);
    },
    indexAt(wall) {
      if (wall < start) return -1;
      const year = Math.min(yearAt(wall, startOf), LAST_YEAR);
      return countBefore(year) + upTo(keptBases(year), wall) - cutOf(year) - 1;
    },
  };
}
