/**
 * Wake loop: sleeps, runs the work, sleeps again. The heart that every runner shares.
 *
 * It never sleeps longer than it polls, never runs twice at a time, and nothing that the work does ends it.
 */
import { TocsinError } from '../errors.ts';
import { type Clock, wait } from '../ports/clock.ts';
import type { RunnerWork } from '../ports/runner.ts';

/** The part of a clock that waiting takes. */
export type WaitClock = Pick<Clock, 'wait' | 'now'>;

/** How a loop waits. */
export type WakeLoopOptions = {
  /** The longest sleep, in ms. */
  readonly pollIntervalMs: number;
  /** Whether waiting keeps the process alive. Default true. */
  readonly keepAlive?: boolean;
  /** Default: the time of this process. */
  readonly clock?: WaitClock | undefined;
};

/** A loop that runs one work. */
export type WakeLoop = {
  /** @throws TocsinError INPUT_INVALID when it runs another work already. */
  start(work: RunnerWork): void;
  wake(inMs: number): void;
  /** Wakes it now; resolves when a run that began after this call has ended, or when the loop was stopped. */
  runSoon(): Promise<void>;
  /** Tells the work of something that failed. */
  tell(error: unknown): void;
  stop(): Promise<void>;
};

const AFTER_FAILURE_MS = 1_000;
/** The longest wait that a timer of Node.js keeps; a longer one would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Sooner than any moment, whatever the clock says: what is wanted now cannot be mistaken when the clock is set. */
const NOW = Number.NEGATIVE_INFINITY;

/** A loop that is not started yet. */
export function wakeLoop({ pollIntervalMs, keepAlive = true, clock = processTime }: WakeLoopOptions): WakeLoop {
  const longest = Math.min(pollIntervalMs, LONGEST_TIMER_MS);
  let work: RunnerWork | undefined;
  let running: Promise<void> | undefined;
  /** When the next run is to begin; `undefined` while one is going on and nobody has asked for another. */
  let wakesAt: number | undefined;
  let cancel: () => void = () => {};
  /** Settled by the run that begins next. */
  let next: PromiseWithResolvers<void> | undefined;

  function sleep(ms: number): void {
    cancel();
    wakesAt = momentIn(ms);
    cancel = clock.wait(ms, run, { keepAlive });
  }

  function run(): void {
    if (work === undefined || running !== undefined) return;
    const covered = next;
    next = undefined;
    wakesAt = undefined;
    running = attempt(work).then((inMs) => {
      running = undefined;
      covered?.resolve();
      if (work === undefined) return;
      const answered = inMs === undefined || Number.isNaN(inMs) ? longest : inMs;
      const woken = wakesAt === undefined ? longest : wakesAt - clock.now();
      sleep(Math.max(0, Math.min(answered, woken, longest)));
    });
  }

  function wake(inMs: number): void {
    if (work === undefined) return;
    const ms = inMs > 0 ? Math.min(inMs, longest) : 0;
    const at = momentIn(ms);
    if (wakesAt !== undefined && wakesAt <= at) return;
    if (running === undefined) sleep(ms);
    else wakesAt = at;
  }

  const momentIn = (ms: number) => (ms === 0 ? NOW : clock.now() + ms);

  return {
    start(given) {
      if (work !== undefined) return refuseAnother(work, given);
      work = given;
      sleep(0);
    },
    wake,
    runSoon() {
      if (work === undefined) return Promise.resolve();
      next ??= Promise.withResolvers<void>();
      wake(0);
      return next.promise;
    },
    tell(error) {
      if (work !== undefined) complain(work, error);
    },
    async stop() {
      work = undefined;
      cancel();
      await running;
      next?.resolve();
    },
  };
}

/**
 * Refuses to wake `given` while `current` is being woken, unless they are the same.
 *
 * @throws TocsinError INPUT_INVALID when they differ.
 */
export function refuseAnother(current: RunnerWork, given: RunnerWork): void {
  if (current === given) return;
  throw new TocsinError(
    'INPUT_INVALID',
    'Cannot start this runner: it already wakes another instance. Give each createTocsin a runner of its own.',
    { details: { problems: [{ path: 'runner', message: 'this runner already wakes another instance' }] } },
  );
}

/**
 * Refuses an interval that is no positive number of milliseconds; `doing` completes "Cannot ...".
 *
 * @throws TocsinError INPUT_INVALID.
 */
export function checkInterval(doing: string, name: string, ms: unknown): void {
  if (typeof ms === 'number' && ms > 0) return;
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot ${doing}: ${name} is ${String(ms)}. Give a positive number of milliseconds.`,
    { details: { problems: [{ path: name, message: 'expected a positive number of milliseconds' }] } },
  );
}

/** Answers when to run again. */
async function attempt(work: RunnerWork): Promise<number | undefined> {
  try {
    return await work.run();
  } catch (error) {
    complain(work, error);
    return AFTER_FAILURE_MS;
  }
}

function complain(work: RunnerWork, error: unknown): void {
  try {
    work.failed(error);
  } catch {
    // Nobody is left to be told.
  }
}

/** The time of this process; it knows nothing of the clock on the wall. */
export const processTime: WaitClock = { now: () => performance.now(), wait };
