/**
 * The clock of a review: its moments in the zone in which they are shown.
 *
 * It never asks the clock, the zone or the locale of the process. A zone is asked once for each day, not for each entry.
 */
import { clockOf, type LocalClock, offsetText, rememberedOffsets, wallParts } from '../local-clock.ts';
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
  const iso = (at: number) => new Date(wallAt(at)).toISOString();
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
    date: (at) => iso(at).slice(0, -14),
    day: (at) => `${wallParts(wallAt(at)).weekday} ${dayAndYear(at)}`,
    time: (at) => iso(at).slice(-13, -5),
    minute: (at) => iso(at).slice(-13, -8),
    moment: (at) => `${dayAndYear(at)} ${iso(at).slice(-13, -8)}`,
  };
}
