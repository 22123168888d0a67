/**
 * Times of day: when, on each of its days, a rule occurs.
 *
 * What an HOURLY or DAILY rule chooses by BYSETPOS is the same in every hour or on every day, so it is chosen here.
 * Nothing here knows which days those are.
 */
import type { Rule } from './rrule.ts';
import { positionsIn } from './set-positions.ts';
import { DAY_MS, HOUR_MS, modulo, type Wall } from './wall-clock.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** The times of each day, ascending, in ms since midnight. An HOURLY rule must step by a whole part of a day. */
export function timesOfDay(start: Wall, rule: Rule): readonly number[] {
  const startHour = Math.floor(modulo(start, DAY_MS) / HOUR_MS);
  if (rule.freq === 'HOURLY') {
    const hours = (rule.byHour ?? HOURS).filter((hour) => modulo(hour - startHour, rule.interval) === 0);
    return combined(hours, timesOfHour(start, rule));
  }
  const times = combined(rule.byHour ?? [startHour], minutesOf(start, rule));
  return rule.freq === 'DAILY' ? chosen(times, rule) : times;
}

/** The times of each hour, ascending, in ms since its beginning, of an HOURLY rule. */
export function timesOfHour(start: Wall, rule: Rule): readonly number[] {
  return chosen(minutesOf(start, rule), rule);
}

function minutesOf(start: Wall, { byMinute, bySecond }: Rule): readonly number[] {
  const minutes = byMinute ?? [Math.floor(modulo(start, HOUR_MS) / 60_000)];
  const seconds = bySecond ?? [Math.floor(modulo(start, 60_000) / 1_000)];
  return minutes.flatMap((minute) => seconds.map((second) => minute * 60_000 + second * 1_000));
}

function combined(hours: readonly number[], minutes: readonly number[]): readonly number[] {
  return hours.flatMap((hour) => minutes.map((minute) => hour * HOUR_MS + minute));
}

function chosen(times: readonly number[], { bySetPos }: Rule): readonly number[] {
  return bySetPos === undefined ? times : positionsIn(times.length, bySetPos).map((index) => times[index] ?? 0);
}
