/**
 * Recurring windows: whether a moment lies in a window that opens by an RFC 5545 rule.
 *
 * Pure. It computes no occurrence itself (see core/on-call), and never throws once it is compiled.
 */
import { isTocsinError } from '../../errors.ts';
import { durationMs } from '../../model/duration.ts';
import { readRecurrence } from '../on-call/check.ts';
import { openSpans, type Restriction } from '../on-call/restrictions.ts';
import type { Span } from '../on-call/span.ts';
import { timetableOf } from '../on-call/timetable.ts';
import { zoneOf } from '../on-call/zone.ts';
import { below, quote, ruleInvalid } from './rule-invalid.ts';

/** What is written in a condition, of which nothing has been checked. */
export type WrittenWindow = Readonly<Record<'timeZone' | 'start' | 'rrule' | 'duration', unknown>>;

const LAST_AT = 8.64e15;

/**
 * Compiles `{ timeZone, start, rrule, duration }` into a function that tells whether epoch ms `at` lies in a window.
 *
 * A window opens at each occurrence, the first at or after `start`, and closes when the clock on the wall has gone on by `duration`; the
 * moment of closing is outside. Where the zone skips that local time it closes as much later. Windows may overlap.
 *
 * @throws TocsinError RULE_INVALID when a part is missing, is none, or the rule never occurs.
 */
export function compileRecurringWindow(window: WrittenWindow, path: string): (at: number) => boolean {
  const restriction = readRestriction(window, path);
  // All the rules of one decision ask about the same moment, and the next decision about one soon after it.
  let known: Span = { startAt: Number.NaN, endAt: Number.NaN };
  return (at) => {
    if (at >= known.startAt && at < known.endAt) return true;
    const open = spanAround(at, restriction);
    if (open) known = open;
    return open !== undefined;
  };
}

function readRestriction({ timeZone, start, rrule, duration }: WrittenWindow, path: string): Restriction {
  const [startText, ruleText] = [readText(start, below(path, 'start')), readText(rrule, below(path, 'rrule'))];
  const recurrence = translated(path, () =>
    readRecurrence({ start: startText, rrule: ruleText, timeZone: String(timeZone) }),
  );
  const lengthMs = translated(below(path, 'duration'), () => durationMs(readText(duration, below(path, 'duration'))));
  if (lengthMs === 0)
    throw ruleInvalid(below(path, 'duration'), 'the window is empty', "Write a duration such as '8h'.");
  return { timetable: timetableOf(recurrence, zoneOf(recurrence.timeZone)), durationMs: lengthMs };
}

function readText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  const advice =
    "Write { timeZone: 'Europe/Berlin', start: '2026-01-05T22:00:00', rrule: 'FREQ=DAILY', duration: '8h' }.";
  throw ruleInvalid(path, `found ${quote(value)}`, advice);
}

// Other parts of the house refuse in their own words; here it is the rule that is wrong.
function translated<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isTocsinError(cause) || cause.code === 'RULE_INVALID') throw cause;
    const problems: unknown = cause.details.problems;
    const [problem]: unknown[] = Array.isArray(problems) ? problems : [];
    const key = partOf(problem, 'path');
    const said = partOf(problem, 'message') ?? cause.message;
    throw ruleInvalid(key ? below(path, key) : path, said.replace(/\.$/, ''), 'Correct it.', cause);
  }
}

function partOf(problem: unknown, key: 'path' | 'message'): string | undefined {
  const part =
    typeof problem === 'object' && problem !== null
      ? Object.entries(problem).find(([name]) => name === key)
      : undefined;
  return typeof part?.[1] === 'string' ? part[1] : undefined;
}

function spanAround(at: number, restriction: Restriction): Span | undefined {
  if (!(Math.abs(at) <= LAST_AT)) return undefined;
  try {
    return openSpans([restriction], { startAt: at, endAt: at + 1 }).find(
      ({ startAt, endAt }) => startAt <= at && at < endAt,
    );
  } catch (error) {
    // Beyond what a rule can be computed for (see UNBOUNDED) there are no windows.
    if (isTocsinError(error)) return undefined;
    throw error;
  }
}
