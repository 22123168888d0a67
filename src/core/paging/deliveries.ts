/**
 * Deliveries of a page: one for each contact of each person, with its idempotency key.
 *
 * Pure. The key is made of the incident, the number of the page and the place in it, so that it is the same after
 * a restart, an upgrade and every retry, and another one for a page that is requested anew.
 */
import type { DeliveryContent, StoredDelivery } from '../../model/delivery.ts';
import type { MessagePurpose } from '../../model/message.ts';
import type { Position, Recipient } from '../../model/page.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';

type Page = {
  readonly recipients: readonly Recipient[];
  readonly purpose: MessagePurpose;
  readonly position: Position;
  readonly content?: DeliveryContent;
};

/** The deliveries that `event` asks for; none unless it is a page or a notice. */
export function deliveriesOf(event: TimelineEvent, context: IncidentContext, tenant: string): StoredDelivery[] {
  const page = pageOf(event, context);
  if (page === undefined) return [];
  const contacts = page.recipients.flatMap((recipient) =>
    recipient.contacts.map((contact) => ({ recipient, contact })),
  );
  return contacts.map(({ recipient, contact }, n) => ({
    id: `${context.id}:${event.seq}:${n}`,
    tenant,
    incidentId: context.id,
    page: event.seq,
    purpose: page.purpose,
    position: page.position,
    ...(page.content !== undefined && { content: page.content }),
    ...(recipient.user !== undefined && { user: recipient.user }),
    ...(recipient.channel !== undefined && { channel: recipient.channel }),
    contact: contact.contact,
    notifier: contact.notifier,
    address: contact.address,
    ...(contact.isAdded && { isAdded: true as const }),
    urgency: page.purpose === 'responder' ? 'high' : page.purpose === 'notice' ? 'low' : context.urgency,
    state: 'pending',
    requestedAt: event.at,
    dueAt: event.at + contact.afterMs,
    attempts: 0,
  }));
}

function pageOf(event: TimelineEvent, context: IncidentContext): Page | undefined {
  if (event.type === 'page.requested') return event;
  // A channel mirrors the page even when it could ask nobody.
  if (event.type === 'page.nobody')
    return { recipients: event.recipients ?? [], purpose: event.purpose, position: event.position };
  if (event.type === 'notice.requested')
    return {
      recipients: event.recipients,
      purpose: 'notice',
      position: context.position,
      // A notice without a topic is one of monitoring: so it was before there were others.
      ...(event.topic !== 'monitoring' && {
        content: {
          topic: event.topic,
          ...(event.subject !== undefined && { subject: event.subject }),
          title: context.title,
        },
      }),
    };
  return undefined;
}
