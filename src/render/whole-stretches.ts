/**
 * Whole shifts and gaps: what a window shows, without the cuts that the window makes.
 *
 * The same shift and the same gap come out the same whichever window shows them. What has no end is cut at a place that
 * depends on the schedule alone.
 */
import type { OnCall, Schedule, Stretch } from '../core/on-call/schedule.ts';
import type { TimeWindow } from '../core/on-call/window.ts';
import { MAX_DURATION_MS } from '../model/duration.ts';
import { toEpochMs } from '../model/instant.ts';
import { DAY_MS } from './local-clock.ts';

/** Every shift that has a moment in the window, whole; one that is longer than ten years is cut there. */
export function wholeShifts(schedule: Schedule, window: TimeWindow): readonly OnCall[] {
  return schedule.shifts(window).map(({ start, end, truncatedStart, truncatedEnd, ...duty }) => {
    const at = (moment: Date) => schedule.onCallAt(moment).find(({ user }) => user === duty.user)?.shift;
    const beginning = truncatedStart ? beginningOf(start, at) : start;
    // The end is looked for from the beginning, and not from where the window happens to begin.
    const whole = truncatedStart || truncatedEnd ? (at(beginning)?.end ?? end) : end;
    return {
      ...duty,
      shift: { start: beginning, end: new Date(Math.min(whole.getTime(), beginning.getTime() + MAX_DURATION_MS)) },
    };
  });
}

/** A schedule looks ten years back; what began even earlier is asked for again from there. */
function beginningOf(start: Date, shiftAt: (moment: Date) => Stretch | undefined): Date {
  const earlier = shiftAt(start)?.start ?? start;
  return earlier < start ? beginningOf(earlier, shiftAt) : start;
}

// First near, then far: most gaps are short, and a far look costs more.
const REACHES_MS = [40 * DAY_MS, 1_800 * DAY_MS];
const LONGEST_MS = 1_800 * DAY_MS;

/** Every gap that has a moment in the window, whole; one without a beginning or an end is 1,800 days long. */
export function wholeGaps(schedule: Schedule, window: TimeWindow): readonly Stretch[] {
  const [from, until] = [toEpochMs(window.from), toEpochMs(window.until)];
  return schedule.gaps(window).map((gap) => {
    if (gap.start.getTime() > from && gap.end.getTime() < until) return gap;
    const end = endOf(schedule, gap.start);
    if (end !== undefined) return { start: startOf(schedule, end) ?? new Date(end.getTime() - LONGEST_MS), end };
    const start = startOf(schedule, gap.end);
    return start === undefined ? gap : { start, end: new Date(start.getTime() + LONGEST_MS) };
  });
}

/** The end of the gap that holds at `at`. */
function endOf(schedule: Schedule, at: Date): Date | undefined {
  return firstOf(REACHES_MS, (reach) => {
    const until = at.getTime() + reach;
    const end = schedule.gaps({ from: at, until })[0]?.end;
    return end !== undefined && end.getTime() < until ? end : undefined;
  });
}

/** The beginning of the gap that ends, or still holds, at `at`. */
function startOf(schedule: Schedule, at: Date): Date | undefined {
  return firstOf(REACHES_MS, (reach) => {
    const from = at.getTime() - reach;
    const start = schedule.gaps({ from, until: at }).at(-1)?.start;
    return start !== undefined && start.getTime() > from ? start : undefined;
  });
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
