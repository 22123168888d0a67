/**
 * Announcement rows: one delivery to one subscriber, in the lane of announcements of their notifier.
 *
 * It belongs to no page and to no incident, so that no answer takes it back and it never counts as reaching anybody.
 */
import type { DeliveryContent, StoredDelivery } from '../model/delivery.ts';
import type { StoredSubscriber } from '../model/subscriber.ts';
import { OF_NO_PAGE } from './delivery-kind.ts';
import { announcing } from './lane.ts';

/** To whom, and what it says. */
export type AnnouncementRow = {
  /** Also the idempotency key: the same update to the same subscriber has the same one. */
  readonly id: string;
  readonly tenant: string;
  readonly subscriber: StoredSubscriber;
  readonly content: DeliveryContent;
  /** Epoch ms. */
  readonly now: number;
  /** How long after that it goes out. */
  readonly afterMs?: number;
};

/** The delivery, to be written with whatever led to it. */
export function announcementRow({
  id,
  tenant,
  subscriber,
  content,
  now,
  afterMs = 0,
}: AnnouncementRow): StoredDelivery {
  return {
    id,
    tenant,
    page: OF_NO_PAGE,
    purpose: 'announcement',
    content,
    position: { cycle: 0, loop: 0, step: 0 },
    ...(subscriber.user !== undefined && { user: subscriber.user }),
    contact: subscriber.id,
    notifier: announcing(subscriber.notifier),
    address: subscriber.address,
    urgency: 'low',
    state: 'pending',
    requestedAt: now,
    dueAt: now + afterMs,
    attempts: 0,
  };
}
