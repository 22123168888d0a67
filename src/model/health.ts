/**
 * Health: what a host, and people who watch over it, can know about an instance.
 */
import type { TocsinError } from '../errors.ts';

/** How the instance is. */
export type Health = {
  /** Nothing due is late, the storage answers, and every incident can be read. */
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
  /** How late this process gets to do anything, since `start()`, in ms. */
  readonly eventLoopDelayMs: { readonly p99: number; readonly max: number };
  /** The version of the configuration of each tenant, to compare with other instances. */
  readonly configVersions: Readonly<Record<string, string>>;
};
