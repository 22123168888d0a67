/**
 * Vitals: what only this process knows about itself. Counted, never stored.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What only this process knows about itself. */
export type Vitals = {
  isRunning(): boolean;
  leaseExpiries(): number;
  /** A delivery was taken up whose holder had let its lease end. */
  countLeaseExpiry(): void;
  eventLoopDelayMs(): { readonly p99: number; readonly max: number };
  /** Begins and ends to watch the event loop. */
  begin(): void;
  end(): void;
};

const NANOSECONDS = 1e6;
/** How often the event loop is looked at, in ms. */
const RESOLUTION_MS = 20;

/** What is read of a watch over the event loop, in nanoseconds. */
export type LoopDelay = Pick<
  ReturnType<typeof monitorEventLoopDelay>,
  'count' | 'max' | 'percentile' | 'enable' | 'disable'
>;

/** Counts from zero. */
export function createVitals(
  watch: () => LoopDelay = () => monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
): Vitals {
  let delay: LoopDelay | undefined;
  let isRunning = false;
  let leaseExpiries = 0;
  /** What is measured includes the pause between two looks. */
  const beyond = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / NANOSECONDS) - RESOLUTION_MS);
  return {
    isRunning: () => isRunning,
    leaseExpiries: () => leaseExpiries,
    countLeaseExpiry() {
      leaseExpiries += 1;
    },
    eventLoopDelayMs: () =>
      delay === undefined || delay.count === 0
        ? { p99: 0, max: 0 }
        : { p99: beyond(delay.percentile(99)), max: beyond(delay.max) },
    begin() {
      isRunning = true;
      delay = watch();
      delay.enable();
    },
    end() {
      isRunning = false;
      delay?.disable();
    },
  };
}
