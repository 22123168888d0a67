/**
 * The clock of a review: its moments in the zone in which they are shown.
 *
 * It never asks the clock, the zone or the locale of the process. A zone is asked once for each day, not for each entry.
 */
import { clockOf, DAY_MS, type LocalClock, offsetText, rememberedOffsets, wallParts } from '../local-clock.ts';
import { checkTimeZone } from '../moment.ts';

/** How a review tells time. */
export type ReviewClock = LocalClock & {
  readonly zone: string;
  /** `+01:00` */
  offset(at: number): string;
  /** `2026-11-26` */
  date(at: number): string;
  /** `Thu 26 Nov 2026` */
  day(at: number): string;
  /** `02:31:20` */
  time(at: number): string;
  /** `02:31`: of a picture, where seconds would be false precision. */
  minute(at: number): string;
  /** `26 Nov 2026 02:31` */
  moment(at: number): string;
};

/**
 * The clock of a review in that zone.
 *
 * @throws TocsinError INPUT_INVALID when the time zone is not known.
 */
export function reviewClock(timeZone: string): ReviewClock {
  checkTimeZone(timeZone);
  const clock = clockOf(timeZone);
  const offsetAt = rememberedOffsets(clock);
  const wallAt = (at: number) => at + offsetAt(at);
  const dates = new Map<number, string>();
  const date = (at: number) => {
    const day = Math.floor(wallAt(at) / DAY_MS);
    const found = dates.get(day) ?? wallParts(day * DAY_MS).date;
    dates.set(day, found);
    return found;
  };
  /** Seconds since midnight. */
  const secondsOf = (at: number) => {
    const wall = wallAt(at);
    return Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / 1_000);
  };
  const minute = (at: number) => {
    const minutes = Math.floor(secondsOf(at) / 60);
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  };
  const dayAndYear = (at: number) => {
    const { day, month, year } = wallParts(wallAt(at));
    return `${day} ${month} ${year}`;
  };
  return {
    ...clock,
    offsetAt,
    wallAt,
    zone: timeZone,
    offset: (at) => offsetText(offsetAt(at)),
    date,
    day: (at) => `${wallParts(wallAt(at)).weekday} ${dayAndYear(at)}`,
    time: (at) => `${minute(at)}:${two(secondsOf(at) % 60)}`,
    minute,
    moment: (at) => `${dayAndYear(at)} ${minute(at)}`,
  };
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
