/**
 * Quiet hours: until when what can wait is held back from a person.
 *
 * Pure. It reads the wall clock of the person's own time zone; it never knows what is held back, nor how urgent that is.
 */
import type { QuietHours, User } from '../../model/user.ts';
import { DAY_MS, dayOf, HOUR_MS, type Wall, WEEK_MS, WEEKDAYS, weekdayOf } from '../on-call/wall-clock.ts';
import { isTimeZone, type Zone, zoneOf } from '../on-call/zone.ts';

/** Whose hours they are. */
export type Sleeper = Pick<User, 'quietHours' | 'timeZone'>;

/** Hours that go on for longer than this have no end: nothing is held back by them. */
const LONGEST_MS = WEEK_MS + DAY_MS;
/** Each step ends at a window's end or at a change of the clocks; of both there are few within the longest time. */
const MOST_STEPS = 1_000;

/**
 * The end (epoch ms) of the quiet hours in which `at` lies; `at` itself when it lies in none. Windows that touch or overlap
 * are one. Hours that have no end hold nothing back, and neither do those of somebody whose time zone is not known.
 */
export function quietUntil({ quietHours, timeZone }: Sleeper, at: number): number {
  if (quietHours.length === 0 || timeZone === undefined || !isTimeZone(timeZone)) return at;
  const zone = zoneOf(timeZone);
  let until = at;
  for (let step = 0; step < MOST_STEPS && until - at <= LONGEST_MS; step += 1) {
    const end = endOf(quietHours, zone, until);
    if (end === undefined) return until;
    until = end;
  }
  return at;
}

/** Whether somebody with these hours could ever be told what can wait, whatever their zone is. */
export function everEnds(quietHours: User['quietHours']): boolean {
  // A week without a change of the clocks, from a Monday on: each moment that is quiet must come to an end.
  const monday = dayOf(4 * DAY_MS);
  const sleeper = { quietHours, timeZone: 'UTC' };
  return quietHours.every((hours) =>
    WEEKDAYS.every((_, day) => {
      const startAt = monday + day * DAY_MS + minutesMs(hours.from);
      return endOf([hours], zoneOf('UTC'), startAt) === undefined || quietUntil(sleeper, startAt) > startAt;
    }),
  );
}

/** Milliseconds from midnight of a time of day such as '22:30'. */
export function minutesMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * HOUR_MS + minutes * 60_000;
}

/** Until when it is quiet at least, if it is quiet at `at`: to the end of a window, or to a change of the clocks within it. */
function endOf(quietHours: readonly QuietHours[], zone: Zone, at: number): number | undefined {
  const { endAt, offsetMs } = zone.steadyAt(at);
  const wall = at + offsetMs;
  const ends = quietHours.flatMap((hours) => windowEnd(hours, wall) ?? []);
  if (ends.length === 0) return undefined;
  return Math.min(endAt, Math.max(...ends) - offsetMs);
}

/** When the window in which a wall time lies ends by the same clock. It belongs to the weekday on which it began. */
function windowEnd({ from, until, weekdays }: QuietHours, wall: Wall): Wall | undefined {
  const [fromMs, untilMs] = [minutesMs(from), minutesMs(until)];
  const lengthMs = untilMs > fromMs ? untilMs - fromMs : untilMs + DAY_MS - fromMs;
  for (const day of [dayOf(wall), dayOf(wall) - DAY_MS]) {
    const start = day + fromMs;
    const isOn = weekdays === undefined || weekdays.some((name) => name === WEEKDAYS[weekdayOf(day)]);
    if (isOn && start <= wall && wall < start + lengthMs) return start + lengthMs;
  }
  return undefined;
}
