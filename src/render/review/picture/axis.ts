/**
 * The axis of the picture: where an instant lies, and which moments are written below.
 *
 * An hour is equally wide everywhere, also where clocks change; moments are round ones of the wall. Nothing here draws.
 */
import { DAY_MS, HOUR_MS, wallParts } from '../../local-clock.ts';
import type { ReviewClock } from '../review-clock.ts';

/** Where the lanes lie, in pixels. */
export type Plot = { readonly left: number; readonly right: number };

/** A moment that is written below the lanes. */
export type Tick = { readonly x: number; readonly label: string };

/** The axis of one picture. */
export type Axis = Plot & {
  /** In half pixels; what lies outside of the window lies on its border. */
  xOf(at: number): number;
  readonly ticks: readonly Tick[];
  /** Where a local day begins, and the first of all. In the days of a year, where the years do. */
  readonly days: readonly (Tick & { readonly isBorder: boolean })[];
};

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const WITHIN_DAY = [
  ...[1, 5, 10, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
];
const DAYS = [1, 2, 7, 14, 28, 91, 364];
const LEAST_APART = 62;
const LEAST_DAYS_APART = 84;
/** The first day of epoch time was a Thursday. */
const TO_MONDAY = 3;

/** The axis from `fromAt` to `untilAt`, which come a little within its ends. */
export function axisOf(
  window: { readonly fromAt: number; readonly untilAt: number },
  plot: Plot,
  clock: ReviewClock,
): Axis {
  const length = Math.max(MINUTE_MS, window.untilAt - window.fromAt);
  const fromAt = window.fromAt - length * 0.012;
  const untilAt = window.fromAt + length * 1.012;
  const perMs = (plot.right - plot.left) / (untilAt - fromAt);
  const xOf = (at: number) => {
    const x = plot.left + (at - fromAt) * perMs;
    return Math.round(2 * Math.min(Math.max(x, plot.left), plot.right)) / 2;
  };
  const isWithin = (at: number) => at >= fromAt && at <= untilAt;
  const within = WITHIN_DAY.find((step) => step * perMs >= LEAST_APART);
  const walls = within === undefined ? [] : wallsOf(clock, { fromAt, untilAt, step: within });
  const dayStep = DAYS.find((step) => step * DAY_MS * perMs >= LEAST_DAYS_APART) ?? 364;
  const midnights = midnightsOf(clock, { fromAt, untilAt }).filter(({ at }) => isWithin(at));
  if (within !== undefined) {
    const first = { x: plot.left, label: dayLabel(clock.wallAt(Math.max(fromAt, window.fromAt))), isBorder: false };
    const rest = midnights.map(({ at, wall }) => ({ x: xOf(at), label: dayLabel(wall), isBorder: true }));
    const ticks = walls
      .filter(({ at }) => isWithin(at))
      .map(({ at, wall }) => ({ x: xOf(at), label: wallParts(wall).time }));
    return { ...plot, xOf, ticks, days: apart([first, ...rest]) };
  }
  const chosen = midnights.filter(({ wall }) => (Math.floor(wall / DAY_MS) + TO_MONDAY) % dayStep === 0);
  const years = chosen.map(({ at, wall }) => ({ x: xOf(at), label: String(wallParts(wall).year), isBorder: false }));
  return {
    ...plot,
    xOf,
    ticks: chosen.map(({ at, wall }) => ({ x: xOf(at), label: dayLabel(wall) })),
    days: years.filter(({ label }, index) => label !== years[index - 1]?.label),
  };
}

function dayLabel(wall: number): string {
  const { weekday, day, month } = wallParts(wall);
  return `${weekday} ${day} ${month}`;
}

type Moment = { readonly at: number; readonly wall: number };

/** Round moments of the wall; one that clocks skip is left out, and one that comes again is there twice. */
function wallsOf(
  clock: ReviewClock,
  { fromAt, untilAt, step }: { readonly fromAt: number; readonly untilAt: number; readonly step: number },
): readonly Moment[] {
  const first = Math.floor((clock.wallAt(fromAt) - DAY_MS / 24) / step) * step;
  const last = clock.wallAt(untilAt) + HOUR_MS;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step)
    .flatMap((wall) => {
      const at = clock.instantOf(wall);
      // Of an hour that clocks repeat; longer steps would not have the room.
      return (step > HOUR_MS ? [at] : [at, at + HOUR_MS]).map((moment) => ({ wall, at: moment }));
    })
    .filter(({ at, wall }) => clock.wallAt(at) === wall)
    .toSorted((a, b) => a.at - b.at);
}

function midnightsOf(
  clock: ReviewClock,
  { fromAt, untilAt }: { readonly fromAt: number; readonly untilAt: number },
): readonly Moment[] {
  const first = Math.floor(clock.wallAt(fromAt) / DAY_MS) * DAY_MS;
  const days = Math.ceil((untilAt - fromAt) / DAY_MS) + 1;
  // Of years, only what could be written.
  const step = Math.max(1, Math.floor(days / 4_000));
  return Array.from({ length: Math.floor(days / step) + 1 }, (_, index) => first + index * step * DAY_MS).map(
    (wall) => ({
      wall,
      at: clock.instantOf(wall),
    }),
  );
}

/** Without labels that would touch the one before; their borders stay. */
function apart<T extends Tick>(days: readonly T[]): readonly T[] {
  let free = Number.NEGATIVE_INFINITY;
  // From the right, since the first of all gives way to the first midnight.
  const kept = days.map((day, index) => {
    const next = days[index + 1];
    const isHidden = day.x < free || (index === 0 && next !== undefined && next.x - day.x < LEAST_APART);
    if (!isHidden) free = day.x + LEAST_APART + 4;
    return isHidden ? { ...day, label: '' } : day;
  });
  return kept;
}
