/**
 * Deliveries: one message to one address through one notifier, with one idempotency key for life.
 *
 * Pure: what becomes of one is decided here, and kept by the storages.
 */
import type { Dated } from './dated.ts';
import type { BundleItem, MessagePurpose } from './message.ts';
import type { Position } from './page.ts';

/** The state of a delivery. `sent`, `dead` and `withdrawn` are ends. */
export type DeliveryState = 'pending' | 'leased' | 'sent' | 'dead' | 'withdrawn';

/**
 * Why a delivery exists: for a message, for a reaction of the host to an event, to find out what has to follow it or who is to
 * hear of it, as a step of the chat room of an incident, or to bring the issue of an action item up to date.
 */
export type DeliveryPurpose = MessagePurpose | 'reaction' | 'follow' | 'announce' | 'room' | 'issue';

/** What a delivery says by itself, because it is about no incident, or about several. */
export type DeliveryContent = {
  /** What kind of news it is, such as `shift`. */
  readonly topic?: string | undefined;
  /** What of the incident it is about, where there are several, such as a role. */
  readonly subject?: string | undefined;
  readonly title: string;
  readonly body?: string | undefined;
  readonly links?: readonly { readonly href: string; readonly text?: string | undefined }[] | undefined;
  /** The incidents that it lists. */
  readonly items?: readonly BundleItem[] | undefined;
  /** The updates that it announces: where they are kept, the places of those that this reader hears of, and their incidents. */
  readonly announces?:
    | { readonly batch: string; readonly items: readonly number[]; readonly incidents?: readonly string[] | undefined }
    | undefined;
};

/** What a provider has told of a message since it took it. */
export type ReceiptStatus = 'delivered' | 'read' | 'failed';

/** What a provider has told of a message, and when (epoch ms). */
export type Receipt = { readonly status: ReceiptStatus; readonly at: number };

/** One message to one address, as it is kept. Times are epoch ms. */
export type StoredDelivery = {
  /** `${incidentId}:${seq of the page}:${n}`; also the idempotency key. */
  readonly id: string;
  readonly tenant: string;
  /** Absent when it belongs to no incident: then no answer to one takes it back. */
  readonly incidentId?: string | undefined;
  /** The number of the page in the timeline; 0 without an incident. */
  readonly page: number;
  readonly purpose: DeliveryPurpose;
  /** What it says by itself; without it the incident says what there is to say. */
  readonly content?: DeliveryContent | undefined;
  /** The event that a reaction, an update or a mirror is about. */
  readonly reactsTo?: { readonly incidentId: string; readonly seq: number } | undefined;
  /** What the notifier called the message that this one brings up to date. */
  readonly updates?: string | undefined;
  readonly position: Position;
  readonly user?: string | undefined;
  readonly channel?: string | undefined;
  readonly contact: string;
  readonly notifier: string;
  readonly address: string;
  /** Whether the person has added the contact themselves, and may have removed it since. */
  readonly isAdded?: true | undefined;
  readonly urgency: 'high' | 'low';
  readonly state: DeliveryState;
  readonly requestedAt: number;
  readonly dueAt: number;
  /** How many attempts were made. */
  readonly attempts: number;
  readonly sentAt?: number | undefined;
  readonly externalId?: string | undefined;
  /** The notifier that carried it, where `notifier` names several. */
  readonly via?: string | undefined;
  /** The delivery in whose message it went out. */
  readonly bundledIn?: string | undefined;
  /** What the provider has told of it since. */
  readonly receipt?: Receipt | undefined;
  readonly error?: string | undefined;
  readonly withdrawnBecause?: string | undefined;
  /** What is stored of it cannot be read: it names no address, and can only end. */
  readonly isUnreadable?: true | undefined;
};

/** One message to one address. */
export type Delivery = Dated<Omit<StoredDelivery, 'receipt'>, 'requestedAt' | 'dueAt' | 'sentAt'> & {
  readonly receipt?: Dated<Receipt, 'at'> | undefined;
};

/** How an attempt ended. A retry is due `afterMs` after that; what was held back was no attempt, and is due then. */
export type AttemptOutcome =
  | {
      readonly state: 'sent';
      readonly externalId?: string | undefined;
      readonly via?: string | undefined;
      readonly bundledIn?: string | undefined;
    }
  | { readonly state: 'retry'; readonly afterMs: number; readonly error: string }
  | { readonly state: 'held'; readonly afterMs: number; readonly error: string }
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
  // Nothing went out for it: by then it may have been listed no more.
  if (delivery.state === 'withdrawn' && outcome.state === 'sent' && outcome.bundledIn !== undefined) return delivery;
  if (outcome.state === 'sent') {
    // One that was put back to work says nothing of its earlier sending, whose receipts are not those of this one.
    const { error: _, externalId: _e, via: _v, bundledIn: _b, receipt: _r, ...rest } = delivery;
    const { externalId, via, bundledIn } = outcome;
    return {
      ...rest,
      state: 'sent',
      sentAt: at,
      ...(externalId !== undefined && { externalId }),
      ...(via !== undefined && { via }),
      ...(bundledIn !== undefined && { bundledIn }),
    };
  }
  const { error } = outcome;
  const attempts = outcome.state === 'held' ? Math.max(0, delivery.attempts - 1) : delivery.attempts;
  if (delivery.state === 'withdrawn') return { ...delivery, attempts, error };
  if (outcome.state === 'dead') return { ...delivery, state: 'dead', error };
  return { ...delivery, state: 'pending', attempts, dueAt: at + outcome.afterMs, error };
}

/** What a provider tells of a message that it took. */
export type ReceiptNews = { readonly status: ReceiptStatus; readonly error?: string | undefined };

const RANK: Readonly<Record<ReceiptStatus, number>> = { delivered: 1, read: 2, failed: 3 };

/**
 * The delivery after what a provider told of it at `at` (epoch ms); `undefined` when that is nothing new.
 *
 * Receipts come late, twice and in any order: what was read stays read, and what arrived has not failed. A message that failed
 * after all is a dead letter.
 *
 * @example
 * ```ts
 * import { receivedDelivery, type StoredDelivery } from 'tocsin/model';
 * const delivery: StoredDelivery = {
 *   id: 'i1:2:0', tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', position: { cycle: 1, loop: 1, step: 1 },
 *   contact: 'sms', notifier: 'sms', address: '+1', urgency: 'high', state: 'sent', requestedAt: 0, dueAt: 0, attempts: 1,
 * };
 * receivedDelivery(delivery, { status: 'failed', error: 'unknown subscriber' }, 1_000)?.state; // => 'dead'
 * ```
 */
export function receivedDelivery(
  delivery: StoredDelivery,
  { status, error }: ReceiptNews,
  at: number,
): StoredDelivery | undefined {
  if (delivery.state !== 'sent') return undefined;
  const known = delivery.receipt?.status;
  // A message that arrived cannot fail any more, whatever its provider says.
  if (known !== undefined && (status === 'failed' || RANK[status] <= RANK[known])) return undefined;
  const receipt: Receipt = { status, at };
  if (status !== 'failed') return { ...delivery, receipt };
  return { ...delivery, receipt, state: 'dead', error: error ?? 'the provider says that it was not delivered' };
}

/** What is known of a delivery without its body: what storages keep beside it. */
export type DeliveryOutline = Omit<
  StoredDelivery,
  'position' | 'channel' | 'contact' | 'address' | 'urgency' | 'content' | 'reactsTo' | 'isAdded' | 'isUnreadable'
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
