/**
 * Schedules as calendar feeds: iCalendar text that any calendar can subscribe to.
 *
 * The same shift has the same UID, start and end in every feed that shows it, and nothing is taken from the clock. Needs the
 * package `ical-generator`, which escapes and folds.
 *
 * @see RFC 5545
 */
import ical, { ICalEventBusyStatus, ICalEventTransparency } from 'ical-generator';
import type { OnCall, Schedule, Stretch } from '../core/on-call/schedule.ts';
import type { TimeWindow } from '../core/on-call/window.ts';
import { oneLine } from '../core/text/clean.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { type NamedUser, reasonOf, rosterOf, titleOf } from './roster.ts';
import { wholeGaps, wholeShifts } from './whole-stretches.ts';

export type { NamedUser } from './roster.ts';

/** How a calendar is made. */
export type CalendarOptions = {
  /** The name of the calendar. Default: the name of the schedule, or of the person. */
  readonly name?: string;
  /** People with names to be shown instead of their ids, such as the `users` of the configuration. */
  readonly users?: readonly NamedUser[];
  /** When what is shown was last changed (`DTSTAMP`). Default: for each event its own start. */
  readonly stamp?: InstantInput;
  /** What UIDs end with, behind the `@`: give each tenant its own. Default: 'tocsin'. */
  readonly domain?: string;
};

/** How {@link scheduleCalendar} makes a calendar. */
export type ScheduleCalendarOptions = CalendarOptions & {
  /** Whether gaps are events as well. Default: false. */
  readonly gaps?: boolean;
};

/**
 * Everybody's shifts of one schedule as an iCalendar document, in UTC.
 *
 * Shifts that reach beyond the window are shown whole, so that a feed may move its window on and every calendar keeps its
 * events. Events are transparent: being on call makes nobody busy.
 *
 * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years; INSTANT_INVALID when `stamp` is no
 * moment.
 * @example
 * ```ts
 * import { createSchedule, weeklySchedule } from 'tocsin/on-call';
 * import { scheduleCalendar } from 'tocsin/render/ics';
 * const primary = createSchedule(
 *   weeklySchedule('primary', { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
 * );
 * const feed = scheduleCalendar(primary, { from: '2026-01-06T00:00:00Z', until: '2026-01-07T00:00:00Z' });
 * feed.split('\r\n').filter((line) => /^(UID|DTSTART|SUMMARY)/.test(line));
 * // => ['UID:shift.primary.ana.20260105T080000Z@tocsin', 'DTSTART:20260105T080000Z', 'SUMMARY:ana on call: primary']
 * ```
 */
export function scheduleCalendar(
  schedule: Schedule,
  window: TimeWindow,
  options: ScheduleCalendarOptions = {},
): string {
  const roster = rosterOf([schedule], options.users);
  const title = titleOf(schedule);
  const shifts = wholeShifts(schedule, window).map((duty) =>
    shiftEvent(schedule, duty, `${roster.nameOf(duty.user)} on call: ${title}`),
  );
  const gaps = options.gaps ? wholeGaps(schedule, window).map((gap) => gapEvent(schedule, gap)) : [];
  return calendar(options.name ?? title, [...shifts, ...gaps], options);
}

/**
 * One person's shifts of several schedules as an iCalendar document, in UTC.
 *
 * Everything else as in {@link scheduleCalendar}; somebody without a shift gets a calendar without events.
 *
 * @throws TocsinError WINDOW_INVALID and INSTANT_INVALID as for {@link scheduleCalendar}.
 * @example
 * ```ts
 * import { createSchedule, weeklySchedule } from 'tocsin/on-call';
 * import { userCalendar } from 'tocsin/render/ics';
 * const primary = createSchedule(
 *   weeklySchedule('primary', { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
 * );
 * const feed = userCalendar([primary], 'ben', { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' });
 * feed.split('\r\n').filter((line) => line.startsWith('DTSTART'));
 * // => ['DTSTART:20260112T080000Z', 'DTSTART:20260126T080000Z']
 * ```
 */
export function userCalendar(
  schedules: readonly Schedule[],
  user: string,
  window: TimeWindow,
  options: CalendarOptions = {},
): string {
  const events = schedules.flatMap((schedule) =>
    wholeShifts(schedule, window)
      .filter((duty) => duty.user === user)
      .map((duty) => shiftEvent(schedule, duty, `On call: ${titleOf(schedule)}`)),
  );
  return calendar(options.name ?? `${rosterOf(schedules, options.users).nameOf(user)} on call`, events, options);
}

type Entry = Stretch & { readonly uid: string; readonly summary: string; readonly description: string };

const REFRESH_SECONDS = 3_600;

function shiftEvent(schedule: Schedule, duty: OnCall, summary: string): Entry {
  const { start, end } = duty.shift;
  const description = `By ${reasonOf(duty)} of schedule ${schedule.id}, whose time zone is ${schedule.timeZone}.`;
  return { start, end, uid: uidOf(['shift', schedule.id, duty.user], start), summary, description };
}

function gapEvent(schedule: Schedule, { start, end }: Stretch): Entry {
  const description = `Nobody is on call in schedule ${schedule.id}, whose time zone is ${schedule.timeZone}.`;
  return {
    start,
    end,
    uid: uidOf(['gap', schedule.id], start),
    summary: `NOBODY on call: ${titleOf(schedule)}`,
    description,
  };
}

/** Nobody begins two shifts of one schedule at once: that makes it unique, and an end that is moved moves the event. */
function uidOf(parts: readonly string[], start: Date): string {
  const moment = start.toISOString().replace(/[-:]|\.000/g, '');
  // A point within an id must not look like one between two.
  return [...parts.map((part) => encodeURIComponent(part).replaceAll('.', '%2E')), moment].join('.');
}

function calendar(name: string, entries: readonly Entry[], { stamp, domain = 'tocsin' }: CalendarOptions): string {
  const stampAt = stamp === undefined ? undefined : new Date(toEpochMs(stamp, 'stamp'));
  const feed = ical({ name: escapedName(name), prodId: '//tocsin//on-call//EN', ttl: REFRESH_SECONDS });
  for (const { uid, summary, description, start, end } of entries.toSorted(byStart)) {
    feed.createEvent({
      id: `${uid}@${encodeURIComponent(oneLine(domain))}`,
      stamp: stampAt ?? start,
      start,
      // An event of less than a second would end when it begins, which calendars refuse.
      end: new Date(Math.max(end.getTime(), start.getTime() + 1_000)),
      summary,
      description,
      transparency: ICalEventTransparency.TRANSPARENT,
      busystatus: ICalEventBusyStatus.FREE,
    });
  }
  return `${feed.toString()}\r\n`;
}

function byStart(a: Entry, b: Entry): number {
  return a.start.getTime() - b.start.getTime() || (a.uid < b.uid ? -1 : 1);
}

/** The library writes the name of a calendar as it is given. */
function escapedName(name: string): string {
  return oneLine(name).replace(/[\\;,]/g, '\\$&');
}
