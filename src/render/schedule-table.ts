/**
 * A schedule for a terminal: one line for each shift and each gap, in local time.
 *
 * Plain text in columns; names of strangers carry no control characters, and colour only underlines what words say.
 */
import type { Schedule, Shift, Stretch } from '../core/on-call/schedule.ts';
import type { TimeWindow } from '../core/on-call/window.ts';
import { TocsinError } from '../errors.ts';
import { formatDuration } from '../model/duration.ts';
import { clockOf, type LocalClock, offsetText, wallParts } from './local-clock.ts';
import { checkTimeZone } from './moment.ts';
import { type NamedUser, type Roster, reasonOf, rosterOf, titleOf } from './roster.ts';
import { columns, fitText, pad, widthOf } from './text-width.ts';

/** How {@link scheduleTable} shows a schedule. */
export type ScheduleTableOptions = {
  /** The zone in which moments are shown. Default: that of the schedule. */
  readonly timeZone?: string;
  /** The widest a line may be, in columns, from 80 on. Default: 100. */
  readonly width?: number;
  /** Whether gaps, overrides and swaps are coloured by ANSI codes. Default: false. */
  readonly color?: boolean;
  /** Default: the name of the schedule, or its id. */
  readonly title?: string;
  /** People with names to be shown instead of their ids, such as the `users` of the configuration. */
  readonly users?: readonly NamedUser[];
};

/**
 * A schedule as a table of plain text, ascending by start: when, how long, who, and why; gaps are lines of their own.
 *
 * A shift that reaches beyond the window is cut there and marked: `<` began earlier, `>` goes on. Offsets are shown when
 * the window has more than one. Characters that take two columns are counted as two.
 *
 * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years; INPUT_INVALID when the time zone
 * is not known or the width is too small.
 * @example
 * ```ts
 * import { createSchedule, weeklySchedule } from 'tocsin/on-call';
 * import { scheduleTable } from 'tocsin/render';
 * const primary = createSchedule(
 *   weeklySchedule('primary', { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
 * );
 * const table = scheduleTable(primary, { from: '2026-01-05T08:00:00Z', until: '2026-01-19T08:00:00Z' });
 * table.split('\n')[4]; // => 'Mon 2026-01-05 09:00  Mon 2026-01-12 09:00  7d      ana  rotation weekly'
 * ```
 */
export function scheduleTable(schedule: Schedule, window: TimeWindow, options: ScheduleTableOptions = {}): string {
  const { timeZone = schedule.timeZone, width = 100, color = false, title, users } = options;
  checkTimeZone(timeZone);
  checkWidth(width);
  const shifts = schedule.shifts(window);
  const gaps = schedule.gaps(window);
  const clock = clockOf(timeZone);
  const moments = [...shifts, ...gaps].flatMap(({ start, end }) => [start.getTime(), end.getTime()]);
  const hasOffsets = new Set(moments.map(clock.offsetAt)).size > 1;
  const roster = rosterOf([schedule], users);
  const lines: readonly Line[] = [...shifts.map((shift) => shiftLine(shift, roster)), ...gaps.map(gapLine)].toSorted(
    (a, b) => a.start.getTime() - b.start.getTime(),
  );
  const hasBegun = lines.some(({ began }) => began);
  const table = [
    [`${hasBegun ? ' ' : ''}${HEAD[0]}`, ...HEAD.slice(1)],
    ...lines.map((line) => cellsOf(line, clock, { hasOffsets, hasBegun })),
  ];
  const widths = widthsOf(table, width);
  const [head = '', ...body] = table.map((cells) =>
    cells.map((cell, index) => pad(cell, widths[index] ?? 0)).join('  '),
  );
  const paint = (text: string, style: Style | undefined) =>
    color && style !== undefined ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  return [
    paint(fitText(`${titleOf(schedule, title)}, times in ${timeZone}`, width, columns), 'title'),
    '',
    paint(head.trimEnd(), 'head'),
    '─'.repeat(widthOf(head, columns)),
    ...body.map((line, index) => paint(line.trimEnd(), lines[index]?.style)),
    '',
    ...legend(shifts),
    gaps.length === 0 ? 'Somebody is always on call.' : paint(summary(gaps), 'gap'),
  ].join('\n');
}

type Style = 'title' | 'head' | 'gap' | 'override' | 'swap';
type Line = Stretch & {
  readonly who: string;
  readonly why: string;
  readonly style: Style | undefined;
  readonly began: boolean;
  readonly goesOn: boolean;
};

const HEAD = ['from', 'until', 'length', 'who', 'why'];
const CODES: Readonly<Record<Style, string>> = { title: '1', head: '2', gap: '1;31', override: '33', swap: '36' };
const WHO = 3;
const WHY = 4;
const LEAST_NAME = 8;

function shiftLine(shift: Shift, roster: Roster): Line {
  const { start, end, user, source, truncatedStart, truncatedEnd } = shift;
  return {
    start,
    end,
    who: roster.nameOf(user),
    why: reasonOf(shift),
    style: source === 'rotation' ? undefined : source,
    began: truncatedStart,
    goesOn: truncatedEnd,
  };
}

function gapLine({ start, end }: Stretch): Line {
  return { start, end, who: 'GAP', why: 'nobody is on call', style: 'gap', began: false, goesOn: false };
}

function cellsOf(
  { start, end, who, why, began, goesOn }: Line,
  clock: LocalClock,
  { hasOffsets, hasBegun }: { readonly hasOffsets: boolean; readonly hasBegun: boolean },
): readonly string[] {
  const moment = (at: Date) => {
    const { weekday, date, time } = wallParts(clock.wallAt(at.getTime()));
    const offset = hasOffsets ? offsetText(clock.offsetAt(at.getTime())).replace(/:00$/, '') : '';
    return `${weekday} ${date} ${time}${offset}`;
  };
  const mark = began ? '<' : hasBegun ? ' ' : '';
  const length = formatDuration(end.getTime() - start.getTime());
  return [`${mark}${moment(start)}`, `${moment(end)}${goesOn ? '>' : ''}`, length, who, why];
}

/** As wide as needed; when that is too wide, who and why share what is left, and a long one gives way to a short one. */
function widthsOf(table: readonly (readonly string[])[], width: number): readonly number[] {
  const needed = HEAD.map((_, index) =>
    table.reduce((most, cells) => Math.max(most, widthOf(cells[index] ?? '', columns)), 0),
  );
  const others = needed.reduce((sum, cells, index) => sum + (index === WHO || index === WHY ? 0 : cells), 0);
  const room = Math.max(2 * LEAST_NAME, width - others - 2 * (HEAD.length - 1));
  const [who = 0, why = 0] = [needed[WHO], needed[WHY]];
  if (who + why <= room) return needed;
  const half = Math.floor(room / 2);
  const shorterWho = Math.min(who, Math.max(half, room - why));
  return needed.map((cells, index) => (index === WHO ? shorterWho : index === WHY ? room - shorterWho : cells));
}

function legend(shifts: readonly Shift[]): readonly string[] {
  const began = shifts.some(({ truncatedStart }) => truncatedStart);
  const goesOn = shifts.some(({ truncatedEnd }) => truncatedEnd);
  const marks = [...(began ? ['< began earlier'] : []), ...(goesOn ? ['> goes on'] : [])];
  return marks.length === 0 ? [] : [marks.join('   ')];
}

function summary(gaps: readonly Stretch[]): string {
  const ms = gaps.reduce((sum, { start, end }) => sum + end.getTime() - start.getTime(), 0);
  return `Nobody is on call for ${formatDuration(ms)}, in ${gaps.length === 1 ? 'one gap' : `${gaps.length} gaps`}.`;
}

function checkWidth(width: number): void {
  if (Number.isInteger(width) && width >= 80) return;
  const message = `expected a whole number from 80 on, found ${String(width)}`;
  throw new TocsinError('INPUT_INVALID', `Cannot show a schedule: width: ${message}.`, {
    details: { problems: [{ path: 'width', message }] },
  });
}
