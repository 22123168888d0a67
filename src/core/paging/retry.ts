/**
 * Retry: when a failed delivery is tried again, and when it is given up.
 *
 * Pure. The jitter comes from the idempotency key, so that it needs no chance and differs from delivery to delivery.
 */

/** How often a delivery is tried before it ends, loudly, as a dead letter: about an hour. */
export const MOST_ATTEMPTS = 20;

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
const SHORTEST_ASKED_MS = 1_000;
const LONGEST_ASKED_MS = 900_000;

/** What an attempt that failed said. */
export type FailedAttempt = {
  readonly id: string;
  readonly attempts: number;
  readonly permanent: boolean;
  readonly retryAfterMs?: number | undefined;
};

/**
 * How long to wait before the next attempt, in ms; `undefined` when there is none.
 *
 * What the channel asked for is honoured between 1 s and 15 min; otherwise the wait doubles from 1 s to 5 min,
 * of which at least one half is waited.
 */
export function retryDelay({ id, attempts, permanent, retryAfterMs }: FailedAttempt): number | undefined {
  if (permanent || attempts >= MOST_ATTEMPTS) return undefined;
  if (retryAfterMs !== undefined && Number.isFinite(retryAfterMs)) {
    return Math.min(LONGEST_ASKED_MS, Math.max(SHORTEST_ASKED_MS, Math.round(retryAfterMs)));
  }
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return Math.round(ceiling * (0.5 + fraction(`${id}#${attempts}`) / 2));
}

/** A number from 0 up to 1, the same for the same text: FNV-1a. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
