/**
 * A message as the engine hands it to a notifier, for tests of notifiers.
 */
import type { Message } from '../model/message.ts';

/**
 * A first page to ana, sent the moment it was requested, with `changes`.
 *
 * @example
 * ```ts
 * import { sampleMessage } from 'tocsin/testing';
 * sampleMessage({ title: 'Checkout is down' }).title; // => 'Checkout is down'
 * ```
 */
export function sampleMessage(changes: Partial<Message> = {}): Message {
  const at = Date.UTC(2026, 0, 6, 10);
  return {
    tenant: 'default',
    incidentId: 'i1',
    deliveryId: 'i1:2:0',
    purpose: 'step',
    locale: 'en',
    to: { user: 'ana', name: 'Ana', contact: 'sms', address: '+15550100' },
    title: 'Disk full on db-1',
    lines: ['SEV1 · Checkout'],
    severity: 'SEV1',
    urgency: 'high',
    service: { id: 'checkout', name: 'Checkout' },
    since: at,
    requestedAt: at,
    sentAt: at,
    step: 1,
    loop: 1,
    alertCount: 1,
    people: { asked: ['ana'], acknowledgedBy: [] },
    links: [],
    actions: [{ id: 'acknowledge', label: 'Acknowledge' }],
    moreText: 'and {n} more',
    ...changes,
  };
}
