/** The work that something takes at best, and how it ended. Nothing here asserts anything. */
import { isTocsinError } from '../../../src/errors.ts';

export const LIMIT_MS = 50;

/** Of three runs, one may collect the garbage of others; a machine that is busy with something else does not count. */
export function cpuMsOf(act: () => void): { readonly end: string; readonly ms: number } {
  let [end, ms] = ['answered', Number.POSITIVE_INFINITY];
  for (let run = 0; run < 3; run += 1) {
    const before = process.cpuUsage();
    try {
      act();
    } catch (error) {
      if (!isTocsinError(error)) throw error;
      end = error.code;
    }
    const { user, system } = process.cpuUsage(before);
    ms = Math.min(ms, (user + system) / 1_000);
  }
  return { end, ms };
}
