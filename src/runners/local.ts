/**
 * Local runner: wakes the engine from this process.
 *
 * It sleeps until the next row is due, is woken by commits of this process, and looks regularly for those of
 * others. It never holds a timer longer than it polls, so that a long wait cannot overflow.
 */
import type { Clock } from '../ports/clock.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Runner, RunnerWork } from '../ports/runner.ts';

/** How a local runner waits. */
export type LocalRunnerOptions = {
  /** How often to look for rows that other processes have written, in ms. Default 5,000. */
  readonly pollIntervalMs?: number;
  /** Whether waiting keeps the process alive. Default true. */
  readonly keepAlive?: boolean;
  readonly clock?: Pick<Clock, 'wait' | 'now'>;
};

const KNOWN: readonly (keyof LocalRunnerOptions)[] = ['pollIntervalMs', 'keepAlive', 'clock'];
const AFTER_FAILURE_MS = 1_000;

/**
 * A runner that lives in this process.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known.
 */
export function localRunner(options: LocalRunnerOptions = {}): Runner {
  refuseUnknownOptions('make a local runner', options, KNOWN);
  const { pollIntervalMs = 5_000, keepAlive = true, clock = systemWaits } = options;
  let work: RunnerWork | undefined;
  let running: Promise<void> | undefined;
  let wokenAt: number | undefined;
  let cancel: () => void = () => {};

  function sleep(ms: number): void {
    cancel();
    wokenAt = clock.now() + ms;
    cancel = clock.wait(Math.max(0, Math.min(ms, pollIntervalMs)), run, { keepAlive });
  }

  function run(): void {
    if (work === undefined || running !== undefined) return;
    const current = work;
    wokenAt = undefined;
    running = attempt(current).then((inMs) => {
      running = undefined;
      if (work === undefined) return;
      const woken = wokenAt === undefined ? pollIntervalMs : wokenAt - clock.now();
      sleep(Math.min(inMs ?? pollIntervalMs, woken));
    });
  }

  return {
    start(given) {
      work = given;
      sleep(0);
    },
    wake(inMs) {
      if (work === undefined) return;
      const at = clock.now() + inMs;
      if (wokenAt !== undefined && wokenAt <= at) return;
      if (running === undefined) sleep(inMs);
      else wokenAt = at;
    },
    async stop() {
      work = undefined;
      cancel();
      await running;
    },
  };
}

/** Answers when to run again. Nothing that the work does ends the runner, not even a complaint that fails. */
async function attempt(work: RunnerWork): Promise<number | undefined> {
  try {
    return await work.run();
  } catch (error) {
    try {
      work.failed(error);
    } catch {
      // Nobody is left to be told.
    }
    return AFTER_FAILURE_MS;
  }
}

const systemWaits: Pick<Clock, 'wait' | 'now'> = {
  now: () => Date.now(),
  wait(ms, fn, { keepAlive = true } = {}) {
    const timer = setTimeout(fn, ms);
    if (!keepAlive) timer.unref();
    return () => clearTimeout(timer);
  },
};
