/**
 * Breakers: whether a provider that keeps failing is asked again, and when.
 *
 * Pure. It only counts what attempts have said; it never sends, and never knows what was sent.
 */

/** What is known of a provider. Moments are epoch ms. */
export type Breaker = {
  /** How many attempts in a row have failed. */
  readonly failures: number;
  /** How often in a row it was left alone. */
  readonly pauses: number;
  /** Until when it is left alone; 0 when it is not. */
  readonly openUntil: number;
  /** Since when it is: a clock that shows less has gone back, and says nothing of how long is left. */
  readonly openedAt: number;
  /** Until when the provider itself has asked to be left alone. */
  readonly askedUntil: number;
  /** Whether one attempt is on its way to find out how it is. */
  readonly isProbing: boolean;
  /** The addresses at which it has failed since it answered anybody: only they have to wait. */
  readonly failing: readonly string[];
};

/** An attempt that failed for a reason that may pass. */
export type FailedTry = {
  readonly address: string;
  /** The moment, epoch ms. */
  readonly now: number;
  /** How long the provider itself asked us to wait. */
  readonly pauseMs?: number | undefined;
};

/** Whether attempts are made: all, none, or one to find out. */
export type BreakerState = 'closed' | 'open' | 'halfOpen';

/** A provider of which nothing bad is known. */
export const CLOSED: Breaker = {
  failures: 0,
  pauses: 0,
  openUntil: 0,
  openedAt: 0,
  askedUntil: 0,
  isProbing: false,
  failing: [],
};

/** How many failures in a row leave a provider alone. */
const MOST_FAILURES = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** How soon to look again while one attempt finds out how a provider is. */
const PROBE_MS = 1_000;
/** From so many addresses on it is the provider that fails, and not some of its addresses: then all of them wait. */
const MOST_FAILING = 1_000;

/** How a provider stands at `now`. */
export function breakerState({ openUntil, openedAt }: Breaker, now: number): BreakerState {
  if (openUntil === 0) return 'closed';
  return openedAt <= now && now < openUntil ? 'open' : 'halfOpen';
}

/**
 * How long, in ms, until an attempt at `address` may be made; 0 when it may be made now. An address at which nothing has failed yet is
 * asked once whatever became of others: some handsets that are off say little about the next one. What the provider itself has asked for
 * holds for all.
 */
export function waitMs(breaker: Breaker, now: number, address: string): number {
  const { openedAt, askedUntil } = breaker;
  if (openedAt <= now && now < askedUntil) return askedUntil - now;
  if (isNew(breaker, address)) return 0;
  const state = breakerState(breaker, now);
  if (state === 'open') return breaker.openUntil - now;
  return state === 'halfOpen' && breaker.isProbing ? PROBE_MS : 0;
}

/** The breaker while an attempt that {@link waitMs} has let through is on its way. */
export function tried(breaker: Breaker, now: number, address: string): Breaker {
  const isProbe = breakerState(breaker, now) === 'halfOpen' && !isNew(breaker, address);
  return isProbe ? { ...breaker, isProbing: true } : breaker;
}

function isNew({ failing }: Breaker, address: string): boolean {
  return failing.length < MOST_FAILING && !failing.includes(address);
}

/** The breaker after an attempt that failed. */
export function failed(before: Breaker, { address, now, pauseMs }: FailedTry): Breaker {
  const failing = isNew(before, address) ? [...before.failing, address] : before.failing;
  const breaker = { ...before, failing, failures: before.failures + 1 };
  const { failures } = breaker;
  const state = breakerState(breaker, now);
  // What was under way when it opened says nothing new.
  if (state === 'open' && pauseMs === undefined) return breaker;
  const isFailing = state !== 'closed' || failures >= MOST_FAILURES;
  if (pauseMs === undefined && !isFailing) return breaker;
  const ownMs = isFailing ? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** breaker.pauses) : 0;
  const known = state === 'open' ? breaker : CLOSED;
  const askedUntil = pauseMs === undefined ? known.askedUntil : Math.max(known.askedUntil, now + pauseMs);
  const openUntil = Math.max(known.openUntil, now + ownMs, askedUntil);
  const pauses = isFailing ? breaker.pauses + 1 : breaker.pauses;
  return { failures, pauses, openUntil, openedAt: now, askedUntil, isProbing: false, failing };
}

/**
 * The breaker after an attempt that the provider answered, be it with a refusal of this one message. What was under way when
 * the provider asked to be left alone says nothing against that.
 */
export function answered({ openedAt, askedUntil }: Breaker, now: number): Breaker {
  return openedAt <= now && now < askedUntil ? { ...CLOSED, openUntil: askedUntil, openedAt, askedUntil } : CLOSED;
}
