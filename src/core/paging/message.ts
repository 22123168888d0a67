/**
 * The neutral message: what a delivery says, from the incident as it is when the attempt is made.
 *
 * Pure. Every string is bounded and cleaned here, once; how a channel shows it is the notifier's business.
 */
import type { StoredDelivery } from '../../model/delivery.ts';
import type { Message, MessageAction } from '../../model/message.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { cleanText, oneLine } from '../text/clean.ts';
import { cut } from '../text/cut.ts';

/** Names that only the configuration knows. */
export type MessageNames = { readonly service?: string | undefined; readonly user?: string | undefined };

const PAGE_ACTIONS: readonly MessageAction[] = [
  { id: 'acknowledge', label: 'Acknowledge' },
  { id: 'escalate', label: 'Escalate' },
  { id: 'snooze', label: 'Snooze' },
];
const RESPONDER_ACTIONS: readonly MessageAction[] = [
  { id: 'accept', label: 'Join' },
  { id: 'decline', label: 'Decline' },
];

/**
 * The message of one attempt. `sentAt` is epoch ms by the storage's clock. Without a context the incident cannot be read;
 * then the message says so, because somebody has to look.
 */
export function messageOf(
  delivery: StoredDelivery,
  context: IncidentContext | undefined,
  names: MessageNames,
  sentAt: number,
): Message {
  return {
    ...addressed(delivery, names, sentAt),
    ...(context === undefined ? unreadable(delivery) : described(delivery, context, names)),
  };
}

type Description = Pick<
  Message,
  'title' | 'body' | 'severity' | 'urgency' | 'service' | 'since' | 'alertCount' | 'people' | 'links'
>;

function addressed(delivery: StoredDelivery, names: MessageNames, sentAt: number): Omit<Message, keyof Description> {
  const { purpose, position } = delivery;
  return {
    tenant: delivery.tenant,
    incidentId: delivery.incidentId,
    deliveryId: delivery.id,
    purpose,
    to: {
      ...(delivery.user !== undefined && { user: delivery.user }),
      ...(names.user !== undefined && { name: shortLine(names.user) }),
      contact: delivery.contact,
      address: delivery.address,
    },
    requestedAt: delivery.requestedAt,
    sentAt,
    step: position.step,
    loop: position.loop,
    actions: purpose === 'notice' ? [] : purpose === 'responder' ? RESPONDER_ACTIONS : PAGE_ACTIONS,
  };
}

function described(delivery: StoredDelivery, context: IncidentContext, names: MessageNames): Description {
  return {
    title: titleOf(delivery, context),
    ...bodyOf(delivery, context),
    severity: context.severity,
    urgency: context.urgency,
    service: { id: context.service, name: shortLine(names.service ?? context.service) },
    since: context.times.openedAt,
    alertCount: Object.keys(context.alerts).length,
    people: { asked: context.asked, acknowledgedBy: context.acknowledgedBy },
    links: context.links.flatMap(({ href, text }) =>
      href === undefined ? [] : [{ href: cleanText(href), ...(text !== undefined && { text: shortLine(text) }) }],
    ),
  };
}

function unreadable({ incidentId, urgency, requestedAt }: StoredDelivery): Description {
  return {
    title: `Incident ${incidentId}`,
    body: 'What is stored of this incident cannot be read. Somebody was to be asked about it.',
    severity: 'unknown',
    urgency,
    service: { id: 'unknown', name: 'unknown' },
    since: requestedAt,
    alertCount: 0,
    people: { asked: [], acknowledgedBy: [] },
    links: [],
  };
}

/** Whoever is asked to join reads first what they are asked for. */
function bodyOf({ purpose, user }: StoredDelivery, context: IncidentContext): { readonly body?: string } {
  const request = purpose === 'responder' && user !== undefined ? context.requests[user] : undefined;
  const parts = [request, context.body].filter((part) => typeof part === 'string');
  return parts.length === 0 ? {} : { body: cut(cleanText(parts.join('\n\n')), 4_096) };
}

function titleOf(delivery: StoredDelivery, context: IncidentContext): string {
  const title = shortLine(context.title);
  if (delivery.purpose === 'notice') return `Monitoring: ${title}`;
  return delivery.purpose === 'reminder' ? `Still open: ${title}` : title;
}

function shortLine(text: string): string {
  return cut(oneLine(text), 256);
}
