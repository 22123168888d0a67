/**
 * Runner: what wakes the engine when rows are due.
 *
 *  R1. After `start`, `run` is called soon, and again no later than the moment it last answered.
 *  R2. After `wake(inMs)`, `run` is called within `inMs` milliseconds.
 *  R3. `run` is never called while an earlier call is still going on.
 *  R4. A `run` that rejects is called again after a pause; it never ends the runner.
 *  R5. `stop` resolves after the last `run` has settled; none is called afterwards.
 */

/** What a runner wakes. */
export type RunnerWork = {
  /** Does what is due; answers how long until the next row is due (ms), or `undefined` when there is none. */
  run(): Promise<number | undefined>;
  /** Told of a `run` that rejected. */
  failed(error: unknown): void;
};

/** Wakes the engine. */
export type Runner = {
  start(work: RunnerWork): void;
  /** Something will be due in `inMs` milliseconds. */
  wake(inMs: number): void;
  stop(): Promise<void>;
};
