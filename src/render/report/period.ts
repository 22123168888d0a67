/**
 * The period of a report, for people: a month or a year by its name, anything else by its first and last day.
 *
 * In the zone of the report, and never in that of the process.
 */
import type { NumbersReport } from '../../model/measurement.ts';
import { clockOf, DAY_MS, wallParts } from '../local-clock.ts';

/** A period in words. */
export type Period = {
  /** `November 2026`, `2026`, or as `days`. */
  readonly name: string;
  /** `1 Nov 2026 to 30 Nov 2026` */
  readonly days: string;
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** The period of a report. */
export function periodOf({
  fromAt,
  untilAt,
  timeZone,
}: Pick<NumbersReport, 'fromAt' | 'untilAt' | 'timeZone'>): Period {
  const clock = clockOf(timeZone);
  const [from, until] = [new Date(clock.wallAt(fromAt)), new Date(clock.wallAt(untilAt))];
  const [first, last] = [dayText(from.getTime()), dayText(clock.wallAt(Math.max(fromAt, untilAt - 1)))];
  const days = first === last ? first : `${first} to ${last}`;
  return { days, name: nameOf(from, until) ?? days };
}

/** `1 Nov 2026` of a local time. */
export function dayText(wall: number): string {
  const { day, month, year } = wallParts(wall);
  return `${day} ${month} ${year}`;
}

/** `1 Nov 2026 09:30` of an instant. */
export function momentText(at: number, timeZone: string): string {
  const wall = clockOf(timeZone).wallAt(at);
  return `${dayText(wall)} ${wallParts(wall).time.slice(0, 5)}`;
}

/** `9 Nov` of `2026-11-09`. */
export function shortDate(iso: string): string {
  const { day, month } = wallParts(Date.parse(`${iso}T00:00:00Z`));
  return `${day} ${month}`;
}

function nameOf(from: Date, until: Date): string | undefined {
  const isMidnight = (wall: Date) => wall.getTime() % DAY_MS === 0 && wall.getUTCDate() === 1;
  if (!isMidnight(from) || !isMidnight(until)) return undefined;
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth()];
  const months = (until.getUTCFullYear() - year) * 12 + until.getUTCMonth() - month;
  if (months === 12 && month === 0) return String(year);
  return months === 1 ? `${MONTHS[month]} ${year}` : undefined;
}
