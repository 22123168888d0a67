/**
 * Months: rules whose days exist in every month that they name, answered by arithmetic on months.
 *
 * A rule that names the 29th, a weekday of the month, or anything else that differs from month to month is none; see
 * years.ts.
 */
import type { Rule } from './rrule.ts';
import { countUpTo, DAY_MS, midnightOf, modulo, NEVER, type Recurrence, type Wall } from './wall-clock.ts';

// February always has them.
const SAFE_DAYS = 28;
/** Room for every day of every month, so that months can be counted as if they were equally long. */
const SLOT_MS = 32 * DAY_MS;

/**
 * A MONTHLY or YEARLY rule as a recurrence; `undefined` when its days differ from month to month. `rule` names its days
 * and `times` are those of each day.
 */
export function compileMonths(start: Wall, rule: Rule, times: readonly number[]): Recurrence | undefined {
  const { byMonthDay, byWeekNo, byYearDay, byDay, bySetPos } = rule;
  if (byWeekNo !== undefined || byYearDay !== undefined || byDay !== undefined || bySetPos !== undefined)
    return undefined;
  if (byMonthDay === undefined || byMonthDay.some((day) => day < 1 || day > SAFE_DAYS)) return undefined;

  const [originMonth, periodMonths, months] = monthsOf(start, rule);
  const slots = months.flatMap((month) =>
    byMonthDay.flatMap((day) => times.map((time) => month * SLOT_MS + (day - 1) * DAY_MS + time)),
  );
  const perPeriod = slots.length;
  if (perPeriod === 0) return NEVER;

  const countedUpTo = (wall: Wall) => {
    const date = new Date(wall);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const period = Math.floor((month - originMonth) / periodMonths);
    const withinMonth = wall - midnightOf(date.getUTCFullYear(), date.getUTCMonth(), 1);
    const slot = (month - originMonth - period * periodMonths) * SLOT_MS + withinMonth;
    return period * perPeriod + countUpTo(slots, slot);
  };
  const skipped = countedUpTo(start - 1);

  return {
    at(index) {
      if (index < 0) return undefined;
      const position = index + skipped;
      const slot = slots[modulo(position, perPeriod)] ?? 0;
      const month = originMonth + Math.floor(position / perPeriod) * periodMonths + Math.floor(slot / SLOT_MS);
      const wall = midnightOf(0, month, 1) + (slot % SLOT_MS);
      // Beyond the year 275,760 there are no dates.
      return Number.isNaN(wall) ? undefined : wall;
    },
    indexAt: (wall) => Math.max(-1, countedUpTo(wall) - 1 - skipped),
  };
}

/** The month (counted from the year 0) from which a rule counts, after how many they repeat, and which of those it names. */
function monthsOf(start: Wall, { freq, interval, byMonth }: Rule): [number, number, readonly number[]] {
  const date = new Date(start);
  const year = date.getUTCFullYear();
  if (freq === 'YEARLY') {
    const all = byMonth ?? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    return [year * 12, 12 * interval, all.map((month) => month - 1)];
  }
  const origin = year * 12 + date.getUTCMonth();
  if (byMonth === undefined) return [origin, interval, [0]];
  // Every so many months, however many, the months of the year repeat after twelve steps at most.
  const steps = Array.from({ length: 12 }, (_, step) => step * interval);
  return [origin, 12 * interval, steps.filter((step) => byMonth.includes(modulo(origin + step, 12) + 1))];
}
