/**
 * Defusing: what becomes of a rule or schedule that is written to make a calculator hang, and how long that takes.
 *
 * `SHOW_TIMES=1` prints the slowest. Nothing here asserts anything.
 */
import { createRecurrence, type RecurrenceInput } from '../../../../src/core/on-call/index.ts';
import { isTocsinError } from '../../../../src/errors.ts';

export const LIMIT_MS = 50;
export const START = '2026-01-05T09:00:00';
/** A rule in New York. */
export const rule = (rrule: string, more: Partial<RecurrenceInput> = {}): RecurrenceInput => ({
  start: START,
  rrule,
  timeZone: 'America/New_York',
  ...more,
});
export function listOf<T>(size: number, item: (index: number) => T): T[] {
  return Array.from({ length: size }, (_, index) => item(index));
}

export const slowest: [string, number][] = [];
/** The time for which this process has worked: a machine that is busy with something else does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** How it ended, and in how many ms of work at best: of three runs, one may collect the garbage of others. */
export function defused(name: string, act: () => unknown): { readonly end: string; readonly ms: number } {
  let [end, ms] = ['answered', Number.POSITIVE_INFINITY];
  for (let run = 0; run < 3; run += 1) {
    const startedAt = cpuMs();
    try {
      act();
    } catch (error) {
      if (!isTocsinError(error)) throw error;
      const [problem] = (error.details.problems ?? []) as { path: string }[];
      end = problem === undefined ? error.code : `${error.code} at ${problem.path}`;
    }
    ms = Math.min(ms, cpuMs() - startedAt);
  }
  slowest.push([name, ms]);
  return { end, ms };
}

/** Everything that can be asked of a recurrence, near, far and at the end of time. */
export function askEverything(input: RecurrenceInput): void {
  const recurrence = createRecurrence(input);
  for (const year of ['0001', '1970', '2026', '2500', '9999']) {
    const at = `${year}-06-15T00:00:00Z`;
    recurrence.indexAt(at);
    recurrence.before(at);
    recurrence.after(at);
    recurrence.between({ from: at, until: `${year}-06-16T00:00:00Z` });
  }
  for (const index of [0, 1, 1_000, 1e6, 1e9, 1e15, -1, -0, 0.5, Number.MAX_SAFE_INTEGER, Number.NaN])
    recurrence.at(index);
}
