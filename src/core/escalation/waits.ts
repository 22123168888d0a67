/**
 * Waits: how long a rung has before the next one is asked.
 *
 * Pure, and always finite: a wait ends after some time, or at a local time that comes again. It never looks at a clock
 * itself.
 */
import { MAX_DURATION_MS } from '../../model/duration.ts';
import type { Ladder, Rung } from '../../model/escalation.ts';
import type { Position } from '../../model/page.ts';
import { DAY_MS, dayOf, type Wall, WEEKDAYS, weekdayOf } from '../on-call/wall-clock.ts';
import { isTimeZone, zoneOf } from '../on-call/zone.ts';
import { compileHolidays } from '../rules/holidays.ts';
import { nextPosition, rungAt } from './ladder.ts';

type Until = NonNullable<Rung['until']>;

/** Nobody can answer sooner. */
const LEAST_MS = 60_000;
/** A time that no day of two months has is not waited for: after a day the next rung is asked. */
const LONGEST_DAYS = 60;

/** How long the people of `rung` have when they are asked at `at` (epoch ms), in ms. */
export function rungWaitMs({ waitMs, until }: Rung, at: number): number {
  if (until === undefined || !isTimeZone(until.timeZone)) return waitMs;
  return Math.max(LEAST_MS, (nextTime(until, at) ?? at + DAY_MS) - at);
}

/** How long until the next rung than the one at `position` is asked; `NaN` when there is no rung there. */
export function stepWaitMs(ladder: Ladder, position: Position, at: number): number {
  const rung = rungAt(ladder, position);
  if (rung === undefined) return Number.NaN;
  return Math.min(MAX_DURATION_MS, rungWaitMs(rung, at) + (isEndOfRound(ladder, position) ? pauseMs(ladder) : 0));
}

/** How much more time there is between two rounds. */
export function pauseMs({ repeatDelayMs = 0 }: Ladder): number {
  return repeatDelayMs;
}

/** Whether another round follows the rung at `position`. */
export function isEndOfRound(ladder: Ladder, position: Position): boolean {
  const next = nextPosition(ladder, position);
  return next !== undefined && next.loop !== position.loop;
}

/** The first such local time after `at`: of an ambiguous one the first, and one that is skipped moves on by what is skipped. */
function nextTime({ time, timeZone, weekdays, holidays }: Until, at: number): number | undefined {
  const zone = zoneOf(timeZone);
  const mayCount = compileHolidays(holidays, 'until.holidays');
  const isWanted = (day: Wall) =>
    mayCount(day) && (weekdays === undefined || weekdays.some((name) => name === WEEKDAYS[weekdayOf(day)]));
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const timeMs = (hours * 60 + minutes) * 60_000;
  // `24:00` is a time of the day that ends then.
  const first = dayOf(zone.toWall(at)) - DAY_MS;
  for (let day = first; day < first + LONGEST_DAYS * DAY_MS; day += DAY_MS) {
    if (!isWanted(day)) continue;
    const then = zone.toInstant(day + timeMs);
    if (then > at) return then;
  }
  return undefined;
}
