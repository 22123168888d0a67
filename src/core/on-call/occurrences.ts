/**
 * Occurrences: a recurrence rule by itself, for whoever needs it without a schedule.
 *
 * Nothing here knows people.
 */
import type { InstantInput } from '../../model/instant.ts';
import type { RecurrenceInput } from '../../model/schedule.ts';
import { readRecurrence } from './check.ts';
import { CALM_MS, indexOfLastUpTo, occurrencesIn, type Timetable } from './handoffs.ts';
import { timetableOf } from './timetable.ts';
import { DAY_MS } from './wall-clock.ts';
import { type TimeWindow, toMoment, toSpan } from './window.ts';
import { zoneOf } from './zone.ts';

/**
 * A recurrence that can be asked. Occurrences are numbered from 0; where a zone skips time, several may fall on one
 * instant, and each keeps its number.
 */
export type Recurrence = {
  /** The occurrence of that number; `undefined` when there is none. */
  at(index: number): Date | undefined;
  /**
   * The number of the last occurrence at or before `instant`; -1 when there is none.
   *
   * @throws TocsinError INSTANT_INVALID when `instant` is no moment of the years 1 to 9999.
   */
  indexAt(instant: InstantInput): number;
  /**
   * The last occurrence before `instant`.
   *
   * @throws TocsinError INSTANT_INVALID as for `indexAt`.
   */
  before(instant: InstantInput): Date | undefined;
  /**
   * The first occurrence after `instant`.
   *
   * @throws TocsinError INSTANT_INVALID as for `indexAt`.
   */
  after(instant: InstantInput): Date | undefined;
  /**
   * All occurrences in a window, strictly ascending.
   *
   * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years.
   */
  between(window: TimeWindow): Date[];
};

/**
 * Makes a recurrence that can be asked: a local start, an RFC 5545 rule, dates to add and to leave out, and the zone of
 * them all.
 *
 * FREQ is HOURLY to YEARLY, with every BY part, INTERVAL, WKST, COUNT and UNTIL. The first occurrence is the first match
 * at or after `start`. A local time that does not exist moves forward by the gap, an ambiguous one is the first. COUNT
 * counts what `exdates` leave out. An UNTIL without time of day includes that day, one in UTC is an instant. Where
 * implementations differ: BYSETPOS chooses from the complete set of a period, also of the first one, and a position beyond
 * it chooses nothing; BYWEEKNO without BYDAY means the weekday of `start`, and a numbered week belongs to the year it is
 * numbered in. HOURLY keeps its hours on the wall clock when INTERVAL divides 24, and counts hours as they pass otherwise.
 *
 * @throws TocsinError SCHEDULE_INVALID when the rule, a date or the zone cannot be used; `details.problems` says which.
 * @see RFC 5545 3.3.10
 * @example
 * ```ts
 * import { createRecurrence } from 'tocsin/on-call';
 * const review = createRecurrence({ start: '2026-01-05T09:00:00', rrule: 'FREQ=MONTHLY;BYDAY=-1FR', timeZone: 'Europe/Berlin' });
 * review.after('2026-03-01T00:00:00Z')?.toISOString(); // => '2026-03-27T08:00:00.000Z'
 * review.before('2026-03-01T00:00:00Z')?.toISOString(); // => '2026-02-27T08:00:00.000Z'
 * ```
 */
export function createRecurrence(input: RecurrenceInput): Recurrence {
  const definition = readRecurrence(input);
  const timetable = timetableOf(definition, zoneOf(definition.timeZone));
  return {
    at: (index) => dateOf(Number.isInteger(index) ? instantOf(index, timetable) : undefined),
    indexAt: (instant) => indexOfLastUpTo(toMoment(instant, 'instant'), timetable),
    before: (instant) => dateOf(lastBefore(toMoment(instant, 'instant'), timetable)),
    after: (instant) => dateOf(firstAfter(toMoment(instant, 'instant'), timetable)),
    between: (window) => occurrencesIn(toSpan(window), timetable).map((at) => new Date(at)),
  };
}

/**
 * The instants in `window` at which a recurrence occurs, strictly ascending; see {@link createRecurrence}.
 *
 * @throws TocsinError SCHEDULE_INVALID when the rule, a date or the zone cannot be used; `details.problems` says which.
 * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years.
 * @example
 * ```ts
 * import { occurrences } from 'tocsin/on-call';
 * const standup = { start: '2026-03-06T09:00:00', rrule: 'FREQ=DAILY;BYDAY=MO,FR', timeZone: 'America/New_York' };
 * const dates = occurrences(standup, { from: '2026-03-06T00:00:00Z', until: '2026-03-10T00:00:00Z' });
 * dates.map((date) => date.toISOString()); // => ['2026-03-06T14:00:00.000Z', '2026-03-09T13:00:00.000Z']
 * ```
 */
export function occurrences(recurrence: RecurrenceInput, window: TimeWindow): Date[] {
  return createRecurrence(recurrence).between(window);
}

function instantOf(index: number, { recurrence, zone }: Timetable): number | undefined {
  const wall = recurrence.at(index);
  return wall === undefined ? undefined : zone.toInstant(wall);
}

function lastBefore(instant: number, timetable: Timetable): number | undefined {
  const { startAt, endAt, offsetMs } = timetable.zone.steadyAt(instant);
  if (instant - startAt > CALM_MS && endAt - instant > CALM_MS) {
    const { recurrence } = timetable;
    const wall = recurrence.at(recurrence.indexAt(instant - 1 + offsetMs));
    if (wall === undefined) return undefined;
    if (wall - offsetMs - startAt > CALM_MS) return wall - offsetMs;
  }
  const found = instantOf(indexOfLastUpTo(instant - 1, timetable), timetable);
  if (found === undefined || !isAfterGap(found, timetable)) return found;
  // One that the gap pushed forward may be later than those that are numbered after it.
  const span = { startAt: found, endAt: Math.min(instant, found + 2 * DAY_MS) };
  return occurrencesIn(span, timetable).at(-1) ?? found;
}

function firstAfter(instant: number, timetable: Timetable): number | undefined {
  const found = instantOf(indexOfLastUpTo(instant, timetable) + 1, timetable);
  const isPlain = !isAfterGap(instant, timetable) && (found === undefined || !isAfterGap(found, timetable));
  if (isPlain) return found;
  return [instant, found ?? instant]
    .flatMap((near) =>
      occurrencesIn({ startAt: Math.max(instant + 1, near - DAY_MS), endAt: near + DAY_MS }, timetable),
    )
    .concat(found ?? [])
    .reduce<number | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined);
}

/** Whether clocks were put forward within a day before `at`, or at it. */
function isAfterGap(at: number, { zone }: Timetable): boolean {
  const { startAt, offsetMs } = zone.steadyAt(at);
  return at - startAt <= DAY_MS && zone.offsetAt(startAt - 1) < offsetMs;
}

function dateOf(at: number | undefined): Date | undefined {
  // Beyond the year 275,760 there are no dates.
  return at === undefined || Math.abs(at) > 8.64e15 ? undefined : new Date(at);
}
