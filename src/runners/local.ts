/**
 * Local runner: wakes the engine from this process.
 *
 * It sleeps until the next row is due, is woken by commits of this process, and looks regularly for those of
 * others. It never asks anything of a database.
 */
import type { Clock } from '../ports/clock.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Runner } from '../ports/runner.ts';
import { checkInterval, wakeLoop } from './wake-loop.ts';

/** How a local runner waits. */
export type LocalRunnerOptions = {
  /** How often to look for rows that other processes have written, in ms. Default 5,000. */
  readonly pollIntervalMs?: number;
  /** Whether waiting keeps the process alive. Default true. */
  readonly keepAlive?: boolean;
  /** Default: the time of this process. */
  readonly clock?: Pick<Clock, 'wait' | 'now'>;
};

const KNOWN: readonly (keyof LocalRunnerOptions)[] = ['pollIntervalMs', 'keepAlive', 'clock'];

/**
 * A runner that lives in this process.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known, or `pollIntervalMs` is no positive number.
 * @example
 * ```ts
 * import { localRunner } from 'tocsin/runners/local';
 * const runs: string[] = [];
 * const runner = localRunner({ pollIntervalMs: 1_000 });
 * const ran = new Promise<void>((resolve) => {
 *   runner.start({
 *     async run() {
 *       runs.push('looked for due work');
 *       resolve();
 *       return undefined;
 *     },
 *     failed: (error) => console.error(error),
 *   });
 * });
 * await ran;
 * await runner.stop();
 * runs; // => ['looked for due work']
 * ```
 */
export function localRunner(options: LocalRunnerOptions = {}): Runner {
  refuseUnknownOptions('make a local runner', options, KNOWN);
  const { pollIntervalMs = 5_000, keepAlive = true, clock } = options;
  checkInterval('make a local runner', 'pollIntervalMs', pollIntervalMs);
  const { start, wake, stop } = wakeLoop({ pollIntervalMs, keepAlive, clock });
  return { start, wake, stop };
}
