/**
 * Deliveries: one message to one address through one notifier, with one idempotency key for life.
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
