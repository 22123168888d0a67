/**
 * Support hours: whether they run at a moment, and when they begin next.
 *
 * Pure. Whether they run is asked of the windows themselves (see during.ts); the calendar only says where to look.
 */
import type { During } from '../../model/condition.ts';
import { createRecurrence } from '../on-call/occurrences.ts';
import { DAY_MS, dayOf } from '../on-call/wall-clock.ts';
import { zoneOf } from '../on-call/zone.ts';
import { compileDuring } from './during.ts';
import { below } from './rule-invalid.ts';

/** Compiled support hours. */
export type SupportHours = {
  readonly run: (at: number) => boolean;
  /** The first moment after `at` at which they run, when they do not run at `at`; `undefined` when it is more than 35 days away. */
  readonly nextBeginning: (at: number) => number | undefined;
};

/** Five weeks: whatever happens monthly happens within them. */
const HORIZON_DAYS = 35;
/** Calendars are asked about the years in which incidents happen. */
const LAST_AT = Date.parse('9990-01-01T00:00:00Z');

/**
 * Compiles windows of local time, any of which counts.
 *
 * @throws TocsinError RULE_INVALID when a window is malformed.
 */
export function compileSupportHours(windows: readonly During[], path: string): SupportHours {
  const compiled = windows.map((window, place) => {
    const { holds } = compileDuring(window, below(path, place));
    const beginnings = beginningsOf(window);
    return { holds, next: (at: number) => beginnings(at).find((beginning) => beginning > at && holds(beginning)) };
  });
  return {
    run: (at) => compiled.some(({ holds }) => holds(at)),
    nextBeginning: (at) => {
      if (!(at >= 0 && at < LAST_AT)) return undefined;
      const found = compiled.flatMap(({ next }) => next(at) ?? []);
      return found.length === 0 ? undefined : Math.min(...found);
    },
  };
}

/** The moments from `at` on at which the window may begin, ascending. */
function beginningsOf(window: During): (at: number) => readonly number[] {
  const none = { from: undefined, start: undefined, rrule: undefined, holidays: undefined };
  const { timeZone, from = '00:00', start, rrule, holidays } = { ...none, ...window };
  if (start === undefined || rrule === undefined) {
    // A window over midnight goes on, or begins, when a holiday ends.
    const times = holidays === undefined ? [from] : ['00:00', from];
    return (at) => times.flatMap((time) => clockBeginnings(timeZone, time, at)).toSorted((a, b) => a - b);
  }
  const recurrence = createRecurrence({ timeZone, start, rrule });
  return (at) => recurrence.between({ from: at, until: at + HORIZON_DAYS * DAY_MS }).map(Number);
}

/** The time of day `from` of each day, and each change of the clocks: a window may begin in an hour that was skipped or comes again. */
function clockBeginnings(timeZone: string, from: string, at: number): readonly number[] {
  const zone = zoneOf(timeZone);
  const [hours = 0, minutes = 0] = from.split(':').map(Number);
  const today = dayOf(zone.toWall(at));
  return Array.from({ length: HORIZON_DAYS + 1 }, (_, day) => {
    const wall = today + day * DAY_MS + (hours * 60 + minutes) * 60_000;
    return [zone.steadyAt(zone.toInstant(wall)).startAt, ...zone.instantsOf(wall)];
  })
    .flat()
    .toSorted((a, b) => a - b);
}
