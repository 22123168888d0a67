/**
 * The swarm: each seed turns each kind of fault on or off, and gives it a rate of its own.
 *
 * Rates only; what a fault does is in transport.ts, receiver.ts and node.ts.
 */
import type { Random } from './prng.ts';

/** How often each fault happens: a probability per call, or per look for those of nodes. */
export type Faults = {
  /** A storage call that does nothing and rejects. */
  readonly reject: number;
  /** A storage call that takes effect and rejects. */
  readonly unknown: number;
  /** A storage call after which, or instead of which, the node is dead. */
  readonly crash: number;
  /** A storage call whose request or answer takes longer than a lease. */
  readonly slow: number;
  /** A notifier that refuses, asks to wait, refuses for good, delivers and says that it failed, takes and loses. */
  readonly refuse: number;
  readonly retryAfter: number;
  readonly permanent: number;
  readonly delivered: number;
  readonly lost: number;
  /** One that never settles, settles with its signal, or answers after it. */
  readonly hang: number;
  readonly timeout: number;
  readonly late: number;
  /** One that throws at once, rejects with something that is no error, or answers something that is no result. */
  readonly sync: number;
  readonly nonsense: number;
  readonly odd: number;
  /** Whether channels are down for minutes: the part of the time that each of them is. */
  readonly outage: number;
  /** How often a provider tells what became of a message, and how often that is wrong. */
  readonly receipts: number;
  readonly lie: number;
  /** A reaction of the host that throws, rejects or hangs. */
  readonly reaction: number;
  /** A node that stands still for longer than a lease. */
  readonly pause: number;
  /** The clocks of the nodes differ by up to five minutes. */
  readonly skewMs: number;
};

/** Every probability zero: the time after the faults. */
export const NO_FAULTS: Faults = {
  reject: 0,
  unknown: 0,
  crash: 0,
  slow: 0,
  refuse: 0,
  retryAfter: 0,
  permanent: 0,
  delivered: 0,
  lost: 0,
  hang: 0,
  timeout: 0,
  late: 0,
  sync: 0,
  nonsense: 0,
  odd: 0,
  outage: 0,
  receipts: 0,
  lie: 0,
  reaction: 0,
  pause: 0,
  skewMs: 0,
};

/** The highest rates; the half of the kinds that a seed turns on get up to these. */
const MOST: Faults = {
  reject: 0.08,
  unknown: 0.08,
  crash: 0.008,
  slow: 0.05,
  refuse: 0.25,
  retryAfter: 0.15,
  permanent: 0.12,
  delivered: 0.2,
  lost: 0.15,
  hang: 0.12,
  timeout: 0.08,
  late: 0.08,
  sync: 0.08,
  nonsense: 0.08,
  odd: 0.1,
  outage: 0.5,
  receipts: 0.6,
  lie: 0.2,
  reaction: 0.5,
  pause: 0.8,
  skewMs: 300_000,
};

/** In some worlds leases end all the time, and whoever had them comes back. */
const SLUGGISH: Partial<Faults> = { slow: 0.2, pause: 2 };

/** The faults of a seed. */
export function chooseFaults(chance: Random): Faults {
  const most = Object.entries({ ...MOST, ...(chance.chance(0.2) && SLUGGISH) });
  const rates = most.map(([kind, highest]) => [kind, chance.next() * highest * (chance.chance(0.6) ? 1 : 0)] as const);
  return { ...NO_FAULTS, ...Object.fromEntries(rates) };
}
