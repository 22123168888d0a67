/**
 * Holidays: whether a local day may count, given a list of dates.
 *
 * Pure. It knows days of the wall calendar only, and never asks in which zone a moment is such a day.
 */
import { parseWall, type Wall } from '../on-call/wall-clock.ts';
import { below, quote, ruleInvalid } from './rule-invalid.ts';

const ADVICE = "Write { dates: ['2026-12-25'], are: 'excluded' }.";

/** Midnight of a date such as `2026-12-25`; `undefined` when no calendar has it. */
export function dayOfDate(date: unknown): Wall | undefined {
  return typeof date === 'string' ? parseWall(`${date}T00:00:00`) : undefined;
}

/**
 * Compiles `{ dates, are }` into a function that tells whether the day that begins at a wall time may count: with
 * `'excluded'` when it is none of the dates, with `'only'` when it is one. Without any, each day may.
 *
 * @throws TocsinError RULE_INVALID when it is malformed, a date is none, or a calendar is named instead.
 */
export function compileHolidays(holidays: unknown, path: string): (day: Wall) => boolean {
  if (holidays === undefined) return () => true;
  if (typeof holidays !== 'object' || holidays === null || Array.isArray(holidays))
    throw ruleInvalid(path, `found ${quote(holidays)}`, ADVICE);
  const parts = new Map<string, unknown>(Object.entries(holidays).filter(([, part]) => part !== undefined));
  if (parts.has('calendar'))
    throw ruleInvalid(below(path, 'calendar'), 'only the gate of a step (`when`) can name a calendar', ADVICE);
  for (const key of parts.keys())
    if (key !== 'dates' && key !== 'are') throw ruleInvalid(path, `${quote(key)} is unknown`, ADVICE);
  const are = parts.get('are');
  if (are !== 'excluded' && are !== 'only') throw ruleInvalid(below(path, 'are'), `found ${quote(are)}`, ADVICE);
  const days = readDates(parts.get('dates'), below(path, 'dates'));
  return (day) => days.has(day) === (are === 'only');
}

function readDates(dates: unknown, path: string): ReadonlySet<Wall> {
  if (!Array.isArray(dates)) throw ruleInvalid(path, `found ${quote(dates)}`, ADVICE);
  return new Set(
    dates.map((date: unknown, place) => {
      const day = dayOfDate(date);
      if (day !== undefined) return day;
      throw ruleInvalid(
        below(path, place),
        `${quote(date)} is no date of the calendar`,
        "Write one such as '2026-12-25'.",
      );
    }),
  );
}
