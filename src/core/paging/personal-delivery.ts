/**
 * Personal deliveries: one message to one person about no incident, such as their shift or a code.
 *
 * Pure. It says by itself what there is to say, so no answer to an incident ever takes it back.
 */
import type { DeliveryContent, StoredDelivery } from '../../model/delivery.ts';
import type { MessagePurpose } from '../../model/message.ts';
import type { RecipientContact } from '../../model/page.ts';

/** To whom, through what, and what it says. */
export type Personal = {
  /** Also the idempotency key: the same message has the same one, whoever writes it. */
  readonly id: string;
  readonly tenant: string;
  readonly purpose: MessagePurpose;
  readonly user: string;
  readonly contact: RecipientContact;
  readonly content: DeliveryContent;
  /** Epoch ms of the decision. */
  readonly at: number;
};

/** The delivery, to be written with whatever led to it. */
export function personalDelivery({ id, tenant, purpose, user, contact, content, at }: Personal): StoredDelivery {
  return {
    id,
    tenant,
    page: 0,
    purpose,
    content,
    position: { cycle: 0, loop: 0, step: 0 },
    user,
    contact: contact.contact,
    notifier: contact.notifier,
    address: contact.address,
    urgency: 'low',
    state: 'pending',
    requestedAt: at,
    dueAt: at + contact.afterMs,
    attempts: 0,
  };
}
