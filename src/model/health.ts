/**
 * Health: what a host, and people who watch over it, can know about an instance.
 */
import type { TocsinError } from '../errors.ts';

/** How a notifier stands, as far as this process has seen. */
export type NotifierHealth = {
  readonly name: string;
  /** `open`: it failed again and again, and is left alone for a while. `halfOpen`: one message finds out how it is. */
  readonly breaker: 'closed' | 'open' | 'halfOpen';
  /** For how long every attempt has failed, in ms, while it is left alone. */
  readonly failingForMs?: number;
  /** Messages on their way. */
  readonly inFlight: number;
  /** Of how many of the latest attempts the rate and the latency are told. */
  readonly attempts: number;
  /** The share of them that was sent, from 0 to 1. */
  readonly successRate?: number;
  readonly latencyMs?: { readonly p50: number; readonly p99: number };
  /** How the canaries that it carries stand, the worst first. */
  readonly canaries?: readonly CanaryHealth[] | undefined;
};

/** What became of the latest message that was sent to find out whether a notifier delivers. */
export type CanaryHealth = {
  readonly tenant: string;
  readonly id: string;
  readonly state: 'waiting' | 'onItsWay' | 'arrived' | 'late' | 'failed';
  readonly at?: Date | undefined;
  readonly error?: string | undefined;
};

/** How the instance is. */
export type Health = {
  /** Nothing due is late, the storage answers, every incident can be read, no notifier has failed for as long, and every canary arrived. */
  readonly isHealthy: boolean;
  /** The moment of these figures by the storage's clock, or by this process when the storage does not answer. */
  readonly at: Date;
  /** Whether this instance takes up due work: between `start()` and `stop()`. */
  readonly isRunning: boolean;
  readonly storage: 'reachable' | 'unreachable';
  /** Why the storage does not answer. */
  readonly error?: TocsinError;
  /** How long the row that waits longest has been due, in ms; 0 when nothing is due. */
  readonly latenessMs: number;
  readonly oldestDueAt?: Date;
  /** Rows that are due and in nobody's hands. */
  readonly due: { readonly timers: number; readonly deliveries: number };
  /** Deliveries in somebody's hands. */
  readonly leased: number;
  readonly deadLetters: number;
  /** How often this instance took up a delivery whose holder had let its lease end. */
  readonly leaseExpiries: number;
  /** Wake-ups that a job queue dropped; the rows were found by looking. */
  readonly missedWakeUps: number;
  /** Incidents that this instance cannot read. */
  readonly quarantined: readonly { readonly tenant: string; readonly incidentId: string }[];
  /** How each notifier stands, as far as this instance has seen. */
  readonly notifiers: readonly NotifierHealth[];
  /** How late this process gets to do anything, since `start()`, in ms. */
  readonly eventLoopDelayMs: { readonly p99: number; readonly max: number };
  /** The version of the configuration of each tenant, to compare with other instances. */
  readonly configVersions: Readonly<Record<string, string>>;
};
