/**
 * Deliveries: one message to one address through one notifier, with one idempotency key for life.
 *
 * Pure: what becomes of one is decided here, and kept by the storages.
 */
import type { Dated } from './dated.ts';
import type { MessagePurpose } from './message.ts';
import type { Position } from './page.ts';

/** The state of a delivery. `sent`, `dead` and `withdrawn` are ends. */
export type DeliveryState = 'pending' | 'leased' | 'sent' | 'dead' | 'withdrawn';

/** One message to one address, as it is kept. Times are epoch ms. */
export type StoredDelivery = {
  /** `${incidentId}:${seq of the page}:${n}`; also the idempotency key. */
  readonly id: string;
  readonly tenant: string;
  readonly incidentId: string;
  /** The number of the page in the timeline. */
  readonly page: number;
  readonly purpose: MessagePurpose;
  readonly position: Position;
  readonly user?: string | undefined;
  readonly channel?: string | undefined;
  readonly contact: string;
  readonly notifier: string;
  readonly address: string;
  readonly urgency: 'high' | 'low';
  readonly state: DeliveryState;
  readonly requestedAt: number;
  readonly dueAt: number;
  /** How many attempts were made. */
  readonly attempts: number;
  readonly sentAt?: number | undefined;
  readonly externalId?: string | undefined;
  readonly error?: string | undefined;
  readonly withdrawnBecause?: string | undefined;
  /** What is stored of it cannot be read: it names no address, and can only end. */
  readonly isUnreadable?: true | undefined;
};

/** One message to one address. */
export type Delivery = Dated<StoredDelivery, 'requestedAt' | 'dueAt' | 'sentAt'>;

/** How an attempt ended. A retry is due `afterMs` after that. */
export type AttemptOutcome =
  | { readonly state: 'sent'; readonly externalId?: string }
  | { readonly state: 'retry'; readonly afterMs: number; readonly error: string }
  | { readonly state: 'dead'; readonly error: string };

/**
 * The delivery after an attempt that ended at `at` (epoch ms). What was taken back stays so, unless it had gone out all
 * the same; what went out says nothing of earlier failures.
 *
 * @example
 * ```ts
 * import { type StoredDelivery, settledDelivery } from 'tocsin/model';
 * const delivery: StoredDelivery = {
 *   id: 'i1:2:0', tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', position: { cycle: 1, loop: 1, step: 1 },
 *   contact: 'sms', notifier: 'sms', address: '+1', urgency: 'high', state: 'leased', requestedAt: 0, dueAt: 0, attempts: 1,
 * };
 * const { state, dueAt } = settledDelivery(delivery, { state: 'retry', afterMs: 500, error: 'busy' }, 1_000);
 * [state, dueAt]; // => ['pending', 1500]
 * ```
 */
export function settledDelivery(delivery: StoredDelivery, outcome: AttemptOutcome, at: number): StoredDelivery {
  if (outcome.state === 'sent') {
    const { error: _, ...rest } = delivery;
    const { externalId } = outcome;
    return { ...rest, state: 'sent', sentAt: at, ...(externalId !== undefined && { externalId }) };
  }
  const { error } = outcome;
  if (delivery.state === 'withdrawn') return { ...delivery, error };
  if (outcome.state === 'dead') return { ...delivery, state: 'dead', error };
  return { ...delivery, state: 'pending', dueAt: at + outcome.afterMs, error };
}

/** What is known of a delivery without its body: what storages keep beside it. */
export type DeliveryOutline = Omit<
  StoredDelivery,
  'position' | 'channel' | 'contact' | 'address' | 'urgency' | 'isUnreadable'
>;

/**
 * A delivery of which only the outline can be read.
 *
 * @example
 * ```ts
 * import { unreadableDelivery } from 'tocsin/model';
 * const { address, isUnreadable } = unreadableDelivery({
 *   id: 'i1:2:0', tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', notifier: 'sms', state: 'pending',
 *   requestedAt: 0, dueAt: 0, attempts: 0,
 * });
 * [address, isUnreadable]; // => ['', true]
 * ```
 */
export function unreadableDelivery(outline: DeliveryOutline): StoredDelivery {
  const nowhere = {
    position: { cycle: 0, loop: 0, step: 0 },
    contact: 'unknown',
    address: '',
    urgency: 'high',
  } as const;
  return { ...outline, ...nowhere, isUnreadable: true };
}
