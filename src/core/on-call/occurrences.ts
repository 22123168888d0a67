/**
 * Occurrences: a recurrence rule spread out over a window, for whoever needs the rule without a schedule.
 *
 * Nothing here knows people.
 */
import { recurrenceProblems, refuse } from './check.ts';
import { occurrencesIn } from './handoffs.ts';
import { type RecurrenceText, recurrenceOf } from './layer.ts';
import { type TimeWindow, toSpan } from './window.ts';
import { zoneOf } from './zone.ts';

/** A recurrence: a local start, an RFC 5545 rule, dates to add and to leave out, and the zone of them all. */
export type RecurrenceInput = RecurrenceText & { readonly timeZone: string };

/**
 * The instants in `window` at which a recurrence occurs, strictly ascending.
 *
 * The first occurrence is the first match at or after `start`. A local time that does not exist moves forward by the
 * gap, an ambiguous one is the first. COUNT counts what `exdates` leave out. An UNTIL without time of day includes
 * that day. FREQ is DAILY or WEEKLY, with INTERVAL, BYDAY (without ordinals), WKST, COUNT and UNTIL.
 *
 * @throws TocsinError SCHEDULE_INVALID when the rule, a date or the zone cannot be used; `details.problems` says which.
 * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years.
 * @see RFC 5545 3.3.10
 * @example
 * ```ts
 * import { occurrences } from 'tocsin/on-call';
 * const standup = { start: '2026-03-06T09:00:00', rrule: 'FREQ=DAILY;BYDAY=MO,FR', timeZone: 'America/New_York' };
 * const dates = occurrences(standup, { from: '2026-03-06T00:00:00Z', until: '2026-03-10T00:00:00Z' });
 * dates.map((date) => date.toISOString()); // => ['2026-03-06T14:00:00.000Z', '2026-03-09T13:00:00.000Z']
 * ```
 */
export function occurrences(recurrence: RecurrenceInput, window: TimeWindow): Date[] {
  const { timeZone } = recurrence;
  refuse('recurrence', recurrenceProblems(recurrence, { timeZone, path: 'timeZone' }));
  const zone = zoneOf(timeZone);
  return occurrencesIn(toSpan(window), recurrenceOf(recurrence, zone), zone).map((at) => new Date(at));
}
