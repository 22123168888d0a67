/**
 * Retry: when a failed delivery is tried again, and when it is given up.
 *
 * Pure. The jitter comes from the idempotency key, so that it needs no chance and differs from delivery to delivery.
 */
import { fraction } from './fraction.ts';

/** How often a delivery is tried before it ends, loudly, as a dead letter: about half an hour. */
export const MOST_ATTEMPTS = 20;

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
/** No wait is shorter: what has just failed is not asked again in the same moment. */
const SHORTEST_MS = 100;
/** What nobody waits for by the minute is tried for about a day. */
const MOST_PATIENT_ATTEMPTS = 60;
const LONGEST_PATIENT_MS = 3_600_000;
const SHORTEST_ASKED_MS = 1_000;
const LONGEST_ASKED_MS = 900_000;

/** What an attempt that failed said. */
export type FailedAttempt = {
  readonly id: string;
  readonly attempts: number;
  readonly permanent: boolean;
  readonly retryAfterMs?: number | undefined;
  /** Whether an outage of hours is waited for. */
  readonly isPatient?: boolean | undefined;
};

/**
 * How long to wait before the next attempt, in ms; `undefined` when there is none.
 *
 * What the channel asked for is honoured between 1 s and 15 min. Otherwise the wait is anything up to a ceiling that doubles from
 * 1 s to 5 min (to an hour for what is patient), so that what failed together does not come back together.
 */
export function retryDelay(attempt: FailedAttempt): number | undefined {
  const { id, attempts, permanent, retryAfterMs, isPatient = false } = attempt;
  if (permanent || attempts >= (isPatient ? MOST_PATIENT_ATTEMPTS : MOST_ATTEMPTS)) return undefined;
  if (retryAfterMs !== undefined && Number.isFinite(retryAfterMs)) return askedWait(retryAfterMs);
  const ceiling = Math.min(isPatient ? LONGEST_PATIENT_MS : LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return Math.max(SHORTEST_MS, Math.round(ceiling * fraction(`${id}#${attempts}`)));
}

/** What a channel asked us to wait, in ms, as far as it is honoured. */
export function askedWait(retryAfterMs: number): number {
  return Math.min(LONGEST_ASKED_MS, Math.max(SHORTEST_ASKED_MS, Math.round(retryAfterMs)));
}

/** A wait of at least `ms`, and up to `more` longer, for what waits for the same moment. */
export function spread(id: string, ms: number, more: number): number {
  return Math.round(ms + more * fraction(id));
}
