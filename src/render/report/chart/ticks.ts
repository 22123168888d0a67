/**
 * Ticks: the round numbers at which an axis is labelled, and which labels have room.
 *
 * They know numbers and widths, and draw nothing.
 */
import { shortDate } from '../period.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEPS = [
  ...[1, 5, 10, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
  ...[1, 2, 7, 14, 28].map((count) => count * DAY_MS),
];
const MOST_STEPS = 4;

/** Moments of a logarithmic axis that people think in. */
export const MOMENTS = [
  SECOND_MS,
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  4 * HOUR_MS,
  DAY_MS,
  3 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
  91 * DAY_MS,
  364 * DAY_MS,
] as const;

/** Whole numbers from zero to at least `max`, at most five of them. */
export function countTicks(max: number): readonly number[] {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, max / MOST_STEPS))));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => max / each <= MOST_STEPS);
  return ticksOf(max, step ?? 10 * power);
}

/** Round durations from zero to at least `max`, in ms, at most five of them. */
export function durationTicks(max: number): readonly number[] {
  const step = STEPS.find((each) => max / each <= MOST_STEPS);
  return ticksOf(max, step ?? 28 * DAY_MS * Math.ceil(max / (28 * DAY_MS) / MOST_STEPS));
}

/** What is written below the weeks: each of a few, otherwise months, and of many years only these. */
export function weekLabels(weeks: readonly string[]): readonly string[] {
  if (weeks.length <= 7) return weeks.map(shortDate);
  const partOf = (week: string) => (weeks.length > 110 ? week.slice(0, 4) : (shortDate(week).split(' ')[1] ?? ''));
  return weeks.map((week, place) => {
    const before = weeks[place - 1];
    return before === undefined || partOf(before) === partOf(week) ? '' : partOf(week);
  });
}

/** Those of the labels, from left to right, that leave some air between each other and within `[min, max]`. */
export function fittingLabels<T extends { readonly x: number; readonly width: number }>(
  labels: readonly T[],
  [min, max]: readonly [number, number],
): readonly T[] {
  let right = min;
  return labels.filter(({ x, width }) => {
    const fits = width > 0 && x - width / 2 >= right && x + width / 2 <= max;
    if (fits) right = x + width / 2 + 8;
    return fits;
  });
}

function ticksOf(max: number, step: number): readonly number[] {
  return Array.from({ length: 1 + Math.max(1, Math.ceil(max / step)) }, (_, place) => place * step);
}
