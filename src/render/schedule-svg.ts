/**
 * A schedule as a picture: one row a week, people as bars, gaps in red.
 *
 * Pure: the line of now is drawn where the caller says, and never from the clock. Text of strangers is never markup.
 */
import type { Schedule, Shift, Stretch } from '../core/on-call/schedule.ts';
import { TocsinError } from '../errors.ts';
import { formatDuration } from '../model/duration.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { clockOf, DAY_MS, HOUR_MS, type LocalClock, WEEK_MS, wallParts } from './local-clock.ts';
import type { LegendEntry } from './picture/legend.ts';
import { drawPage } from './picture/page.ts';
import { type Span, weekStartOf, weeksOf } from './picture/weeks.ts';
import { type NamedUser, type Roster, rosterOf, titleOf } from './roster.ts';

/** A weekday as in recurrence rules. */
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';

/** What {@link scheduleSvg} draws. */
export type ScheduleSvgOptions = {
  /** The beginning; with `until` exactly that moment, otherwise the beginning of its week. */
  readonly from: InstantInput;
  /** The end (out). What lies outside of the window stays blank. Not together with `weeks`. */
  readonly until?: InstantInput;
  /** How many whole weeks, from the one that `from` lies in. Default: 4, at most 262. */
  readonly weeks?: number;
  /** Where to draw the line of now. Default: nowhere. */
  readonly now?: InstantInput;
  /** The first day of a row. Default: 'MO'. */
  readonly weekStart?: Weekday;
  /** Default: the name of the schedule, or its id. */
  readonly title?: string;
  /** People with names to be shown instead of their ids, such as the `users` of the configuration. */
  readonly users?: readonly NamedUser[];
};

const WEEKDAYS: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
// Five years, and the week in which the last one ends.
const MOST_WEEKS = 262;
const MOST_GAPS_TOLD = 10;

/**
 * A schedule as an SVG document: weeks from top to bottom, days from left to right, in the time of the schedule's zone.
 *
 * People who are on call together lie in lanes of their own; overrides are hatched, swaps dotted, gaps red and crossed.
 * Days are equally wide also when clocks change: an hour that is skipped stays, one that comes twice is drawn once.
 * The same input gives the same bytes. Light and dark follow the viewer (`prefers-color-scheme`).
 *
 * @throws TocsinError WINDOW_INVALID when the window is empty or longer than 262 weeks; INSTANT_INVALID when a moment is
 * none; INPUT_INVALID when `weeks` or `weekStart` is wrong.
 * @example
 * ```ts
 * import { createSchedule, weeklySchedule } from 'tocsin/on-call';
 * import { scheduleSvg } from 'tocsin/render';
 * const primary = createSchedule(
 *   weeklySchedule('primary', { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
 * );
 * scheduleSvg(primary, { from: '2026-01-05T09:00:00Z', weeks: 2 }).startsWith('<svg xmlns="http://www.w3.org/2000/svg"'); // => true
 * ```
 */
export function scheduleSvg(schedule: Schedule, options: ScheduleSvgOptions): string {
  const { users, title } = options;
  const clock = clockOf(schedule.timeZone);
  const firstDay = checkWeekStart(options.weekStart ?? 'MO');
  const span = spanOf(options, clock, firstDay);
  const window = { from: span.startAt, until: span.endAt };
  const roster = rosterOf([schedule], users);
  const nowAt = options.now === undefined ? undefined : toEpochMs(options.now, 'now');
  const weeks = weeksOf(schedule, span, { clock, roster, firstDay, now: nowAt });
  const shifts = schedule.shifts(window);
  const gaps = schedule.gaps(window);
  const people = legendOf(shifts, roster);
  const dayOf = (wall: number) => `${wallParts(wall).day} ${wallParts(wall).month} ${wallParts(wall).year}`;
  const momentOf = (at: Date) => {
    const wall = clock.wallAt(at.getTime());
    return `${wallParts(wall).weekday} ${dayOf(wall)} ${wallParts(wall).time}`;
  };
  const days = `${dayOf(clock.wallAt(span.startAt))} to ${dayOf(clock.wallAt(span.endAt - 1))}`;
  const found =
    gaps.length === 0
      ? 'somebody is always on call'
      : `nobody on call for ${lengthOf(gaps)}, in ${gaps.length === 1 ? 'one gap' : `${gaps.length} gaps`}`;
  const told = gaps.slice(0, MOST_GAPS_TOLD).map(({ start, end }) => `${momentOf(start)} to ${momentOf(end)}`);
  return drawPage({
    title: titleOf(schedule, title),
    subtitle: `${days} · ${schedule.timeZone} · ${found}`,
    description: [
      `Who is on call, ${days}, in ${schedule.timeZone}: ${found}.`,
      ...people.map(({ name, length }) => `${name}: ${length}.`),
      ...told.map((gap) => `Nobody: ${gap}.`),
      ...(gaps.length > told.length ? [`And ${gaps.length - told.length} more gaps.`] : []),
    ].join(' '),
    weeks,
    people,
    drawing: {
      roster,
      momentOf,
      timeOf: (at) => wallParts(clock.wallAt(at.getTime())).time,
      lengthOf: (stretch) => lengthOf([stretch]),
      nowText: nowAt === undefined ? '' : `now ${wallParts(clock.wallAt(nowAt)).time}`,
    },
    rowTitleOf: ({ wall }) =>
      firstDay === 1
        ? [`Week ${isoWeekOf(wall)}`, String(wallParts(wall + 3 * DAY_MS).year)]
        : [`${wallParts(wall).day} ${wallParts(wall).month}`, String(wallParts(wall).year)],
  });
}

/** The hours of each person, in the order of the definition. */
function legendOf(shifts: readonly Shift[], roster: Roster): readonly LegendEntry[] {
  const byUser = Map.groupBy(shifts, ({ user }) => user);
  return [...byUser]
    .map(([user, own]) => ({ user, name: roster.nameOf(user), place: roster.placeOf(user), length: lengthOf(own) }))
    .toSorted((a, b) => a.place - b.place);
}

/** `162h`, `26h 20m`: hours rather than days, since shifts are compared. */
function lengthOf(stretches: readonly Stretch[]): string {
  const ms = stretches.reduce((sum, { start, end }) => sum + end.getTime() - start.getTime(), 0);
  const hours = Math.floor(ms / HOUR_MS);
  const rest = ms % HOUR_MS;
  if (hours === 0) return formatDuration(ms);
  return rest < 60_000 ? `${hours}h` : `${hours}h ${Math.floor(rest / 60_000)}m`;
}

function spanOf(options: ScheduleSvgOptions, clock: LocalClock, firstDay: number): Span {
  const startAt = toEpochMs(options.from, 'from');
  if (options.until !== undefined) {
    if (options.weeks !== undefined) throw refused('weeks', '`until` is given: leave out one of both');
    const endAt = toEpochMs(options.until, 'until');
    if (endAt - startAt <= MOST_WEEKS * WEEK_MS) return { startAt, endAt };
    throw tooLong(`${Math.ceil((endAt - startAt) / WEEK_MS)} weeks`);
  }
  const weeks = options.weeks ?? 4;
  if (!Number.isInteger(weeks) || weeks < 1) throw refused('weeks', 'expected a whole number from 1 to 262');
  if (weeks > MOST_WEEKS) throw tooLong(`${weeks} weeks`);
  const first = weekStartOf(clock.wallAt(startAt), firstDay);
  return { startAt: clock.instantOf(first), endAt: clock.instantOf(first + weeks * WEEK_MS) };
}

function checkWeekStart(weekStart: Weekday): number {
  const found = WEEKDAYS.indexOf(weekStart);
  if (found < 0) throw refused('weekStart', `expected one of ${WEEKDAYS.join(', ')}`);
  return found;
}

function refused(path: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot draw a schedule: ${path}: ${message}.`, {
    details: { problems: [{ path, message }] },
  });
}

function tooLong(found: string): TocsinError {
  return new TocsinError('WINDOW_INVALID', `Cannot draw ${found}: a picture has at most ${MOST_WEEKS}. Draw several.`, {
    details: { maxWeeks: MOST_WEEKS },
  });
}

/** The number of a week that begins on a Monday. @see ISO 8601 */
function isoWeekOf(monday: number): number {
  const thursday = monday + 3 * DAY_MS;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - newYear) / WEEK_MS);
}
