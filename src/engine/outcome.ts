/**
 * Outcomes: what becomes of a delivery after an attempt, or instead of one.
 *
 * Pure, but for what a defect looks like. Nothing is sent or stored here.
 */
import { retryDelay, spread } from '../core/paging/retry.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { type Failure, failureOf } from './send.ts';

/** A wait from which on a person's next contact is not waited for. */
const LONG_MS = 30_000;
/** How long after its page a delivery may be put off without using up its attempts. */
const LONGEST_HOLD_MS = 1_800_000;

/** How an attempt ended, and whether the person's next contact should be used at once. */
export type Attempted = { readonly outcome: DeliveryOutcome; readonly isLong: boolean };

/** The attempt that ended so. */
export const ended = (outcome: DeliveryOutcome): Attempted => ({
  outcome,
  isLong: (outcome.state === 'retry' || outcome.state === 'held') && outcome.afterMs >= LONG_MS,
});

/** The attempt after which it is over. */
export const dead = (error: string): Attempted => ended({ state: 'dead', error });

/** An attempt that a defect has kept from being made; a later version may do better. */
export function defective(delivery: StoredDelivery, error: unknown): Attempted {
  return ended(verdictOf(delivery, [{ ...failureOf(error), permanent: false, retryAfterMs: undefined }]));
}

/** One that could not be asked now may still carry it: what the others refuse for good is not over by that. */
export const UNASKED: Failure = {
  error: 'Another notifier is left alone for now.',
  permanent: false,
  retryAfterMs: undefined,
};

/**
 * Whoever is left alone for now is not asked: that is no attempt, and uses none up. Not without end, though: a provider that is
 * dead for good must end in the dead letters.
 */
export function putOff(delivery: StoredDelivery, waitMs: number, now: number): Attempted {
  const error = `Notifier ${delivery.notifier} is left alone for now: it failed again and again, asked to wait, or has no place.`;
  if (now - delivery.requestedAt > LONGEST_HOLD_MS)
    return ended(verdictOf(delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
  return { outcome: { state: 'held', afterMs: spread(delivery.id, waitMs, 250), error }, isLong: waitMs >= 1_000 };
}

/** What follows from what failed: it is over only when everybody says that it is. */
export function verdictOf(
  { id, attempts, purpose }: StoredDelivery,
  failures: readonly (Failure | undefined)[],
): DeliveryOutcome {
  const failed = failures.filter((failure) => failure !== undefined);
  if (failed.length === 0) return { state: 'sent' };
  const waits = failed.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  // Where one of several may be asked sooner, it is.
  const retryAfterMs = waits.length < failed.length ? undefined : Math.min(...waits);
  const permanent = failed.every((failure) => failure.permanent);
  const error = failed
    .map((failure) => failure.error)
    .join(' ')
    .slice(0, 1_000);
  const afterMs = retryDelay({ id, attempts, permanent, retryAfterMs, isPatient: purpose === 'issue' });
  return afterMs === undefined ? { state: 'dead', error } : { state: 'retry', afterMs, error };
}
