/**
 * Runner: what wakes the engine when rows are due. It never looks at a row itself.
 *
 * To wake it in another way, implement this and run `testRunner` from 'tocsin/testing' against it: it has a test for
 * each promise below, and passing is the definition of "supported".
 *
 *  R1. Once `start` has resolved, `run` is called soon, and again no later than the moment it last answered.
 *  R2. After `wake(inMs)`, a `run` begins within `inMs` milliseconds; when one is going on, another one follows it.
 *  R3. `run` is never called while an earlier call is still going on.
 *  R4. A `run` that rejects or throws is told of and called again, after a pause and within 5 s; nothing that the work
 *      does ends the runner.
 *  R5. `stop` resolves after the last `run` has settled, and none is called afterwards; stopping what does not run, or
 *      twice, changes nothing.
 *  R6. No wait is too long or too odd: what lies further away than a timer reaches (2^31-1 ms), a negative wait, NaN
 *      and Infinity neither hang the runner nor make it spin.
 *  R7. `run` is called regularly whatever was answered, because other processes write rows too.
 *  R8. A runner wakes one engine: to start it with a second work while it wakes a first one is refused with
 *      INPUT_INVALID; with the same work it changes nothing.
 */

/** What a runner wakes. */
export type RunnerWork = {
  /** Does what is due; answers how long until the next row is due (ms), or `undefined` when there is none. */
  run(): Promise<number | undefined>;
  /** Told of a `run` that rejected, and of anything else that keeps the runner from waking in time. */
  failed(error: unknown): void;
};

/** Wakes the engine. */
export type Runner = {
  /**
   * Whether the commits themselves wake it, so that nobody has to call `wake` after one. `wake` is still called for
   * what no commit told of.
   */
  readonly isWokenByStorage?: boolean;
  /** Begins to wake; when it rejects, nothing was begun. The storage is ready by then. */
  start(work: RunnerWork): void | Promise<void>;
  /** Something will be due in `inMs` milliseconds. */
  wake(inMs: number): void;
  stop(): Promise<void>;
};
