/**
 * Window times: when the windows of conditions open and close.
 *
 * Pure. It says nothing of a window that cannot be computed.
 */
import type { During } from '../../model/condition.ts';
import { durationMs } from '../../model/duration.ts';
import { createRecurrence } from '../on-call/occurrences.ts';
import { openSpans } from '../on-call/restrictions.ts';
import type { Span } from '../on-call/span.ts';
import { timetableOf } from '../on-call/timetable.ts';
import { DAY_MS, dayOf } from '../on-call/wall-clock.ts';
import { zoneOf } from '../on-call/zone.ts';

/** A recurrence that lasts for some time at each occurrence. */
export type Recurring = {
  readonly timeZone: string;
  readonly start: string;
  readonly rrule: string;
  readonly duration: string;
};

/** Whether a window has closed for good at `at`, a day before at the latest. */
export function isOver(window: During | Recurring, at: number): boolean {
  if (!('rrule' in window) || !/COUNT|UNTIL/i.test(window.rrule)) return false;
  const { timeZone, start, rrule, duration } = window;
  try {
    // Where clocks are changed a window may last a little longer than it says.
    return createRecurrence({ timeZone, start, rrule }).after(at - durationMs(duration) - DAY_MS) === undefined;
  } catch {
    return false;
  }
}

/**
 * The moments in `span` at which the window may open or close, its beginning among them; between two of them nothing changes.
 * `undefined` when they cannot be computed.
 */
export function changesOf(window: During, span: Span): readonly number[] | undefined {
  // Whose holidays they are, and when the next one is, is not known here.
  if ('holidays' in window && window.holidays !== undefined) return undefined;
  try {
    return 'rrule' in window ? ruleChanges(window, span) : clockChanges(window, span);
  } catch {
    return undefined;
  }
}

function ruleChanges({ timeZone, start, rrule, duration }: Recurring, span: Span): readonly number[] {
  const timetable = timetableOf({ start, rrule }, zoneOf(timeZone));
  const spans = openSpans([{ timetable, durationMs: durationMs(duration) }], span);
  return [span.startAt, ...spans.flatMap(({ startAt, endAt }) => [startAt, endAt])];
}

/** Midnight, the beginning and the end of each day, and every change of the clocks. */
function clockChanges(window: Exclude<During, Recurring>, { startAt, endAt }: Span): readonly number[] {
  const { timeZone, from = '00:00', until = '24:00' } = window;
  const zone = zoneOf(timeZone);
  const found = [startAt];
  const first = dayOf(zone.toWall(startAt)) - DAY_MS;
  for (let day = first; day <= zone.toWall(endAt) + DAY_MS; day += DAY_MS) {
    for (const minutes of [0, minutesOf(from), minutesOf(until)]) {
      const wall = day + minutes * 60_000;
      found.push(zone.toInstant(wall), zone.steadyAt(zone.toInstant(wall)).startAt, ...zone.instantsOf(wall));
    }
  }
  return found;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
