/**
 * Clock, ids and logger: the small things we need from outside.
 *
 * The clock drives waits only; what is due is decided by the storage's clock.
 */

/** The time of this process, and a way to be called later. */
export type Clock = {
  /** Epoch ms. */
  now(): number;
  /** Calls `fn` once after `ms` (at most 2^31-1); returns how to cancel. `keepAlive: false` lets the process end first. */
  wait(ms: number, fn: () => void, options?: { readonly keepAlive?: boolean }): () => void;
};

/** The waiting of this process: see {@link Clock}. */
export const wait: Clock['wait'] = (ms, fn, { keepAlive = true } = {}) => {
  // A timer takes a millisecond at least, and somebody is waiting for the page.
  if (ms <= 0) {
    const soon = setImmediate(fn);
    if (!keepAlive) soon.unref();
    return () => clearImmediate(soon);
  }
  const timer = setTimeout(fn, ms);
  if (!keepAlive) timer.unref();
  return () => clearTimeout(timer);
};

/** Makes ids that sort by time. */
export type Ids = () => string;

/** A logger with pino's signature. */
export type Logger = {
  debug(facts: Record<string, unknown>, message: string): void;
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
};
