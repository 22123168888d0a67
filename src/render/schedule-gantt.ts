/**
 * A schedule as a Mermaid gantt: text that GitHub, GitLab and many wikis draw.
 *
 * No name becomes syntax: characters that mean something to Mermaid are replaced by their full-width twins.
 */
import type { Schedule, Stretch } from '../core/on-call/schedule.ts';
import type { TimeWindow } from '../core/on-call/window.ts';
import { oneLine } from '../core/text/clean.ts';
import { clockOf, wallParts } from './local-clock.ts';
import { type NamedUser, reasonOf, rosterOf, titleOf } from './roster.ts';
import { columns, fitText } from './text-width.ts';

/** How {@link scheduleGantt} names things. */
export type ScheduleGanttOptions = {
  /** Default: the name of the schedule, or its id. */
  readonly title?: string;
  /** People with names to be shown instead of their ids, such as the `users` of the configuration. */
  readonly users?: readonly NamedUser[];
};

/**
 * A schedule as a Mermaid gantt: a section for each person, and one of critical bars for the gaps.
 *
 * Times are local times of the schedule's zone, which the title names: they look the same wherever it is drawn. Mermaid
 * draws at most 50,000 characters, which is about 700 shifts.
 *
 * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years.
 * @example
 * ```ts
 * import { createSchedule, weeklySchedule } from 'tocsin/on-call';
 * import { scheduleGantt } from 'tocsin/render';
 * const primary = createSchedule(
 *   weeklySchedule('primary', { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
 * );
 * const gantt = scheduleGantt(primary, { from: '2026-01-05T08:00:00Z', until: '2026-01-12T08:00:00Z' });
 * gantt.split('\n').at(-1); // => '    rotation weekly :2026-01-05T09:00:00, 2026-01-12T09:00:00'
 * ```
 */
export function scheduleGantt(schedule: Schedule, window: TimeWindow, options: ScheduleGanttOptions = {}): string {
  const shifts = schedule.shifts(window);
  const gaps = schedule.gaps(window);
  const clock = clockOf(schedule.timeZone);
  const roster = rosterOf([schedule], options.users);
  const span = ({ start, end }: Stretch) => [start, end].map((at) => isoWall(clock.axisAt(at.getTime()))).join(', ');
  const people = [...Map.groupBy(shifts, ({ user }) => user)].toSorted(
    ([a], [b]) => roster.placeOf(a) - roster.placeOf(b),
  );
  return [
    'gantt',
    `    title ${plain(titleOf(schedule, options.title))} (${plain(schedule.timeZone)})`,
    '    dateFormat YYYY-MM-DDTHH:mm:ss',
    '    axisFormat %d %b',
    ...people.flatMap(([user, own]) => [
      `    section ${plain(fitText(roster.nameOf(user), SECTION_COLUMNS, columns))}`,
      ...own.map((shift) => `    ${plain(reasonOf(shift))} :${span(shift)}`),
    ]),
    ...(gaps.length === 0 ? [] : ['    section Nobody']),
    ...gaps.map((gap) => `    nobody on call :crit, ${span(gap)}`),
  ].join('\n');
}

// Mermaid draws longer ones over the bars.
const SECTION_COLUMNS = 24;
const SPECIAL = /[:;#%<>"`{}\\&]/g;
const FULL_WIDTH = 0xfee0;

/** Text that Mermaid takes as text. ASCII and its full-width twins are the same distance apart. */
function plain(text: string): string {
  return oneLine(text).replace(SPECIAL, (char) => String.fromCharCode(char.charCodeAt(0) + FULL_WIDTH));
}

/** `2026-01-05T09:00:00` */
function isoWall(wall: number): string {
  const { date, time } = wallParts(wall);
  return `${date}T${time.padEnd(8, ':00')}`;
}
