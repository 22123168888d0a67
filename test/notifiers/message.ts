/**
 * A message as the engine would hand it to a notifier, for the tests of this folder.
 */
import type { Message } from '../../src/model/message.ts';

/** A first page to Ana, sent the moment it was requested, with `changes`. */
export function messageWith(changes: Partial<Message> = {}): Message {
  const at = Date.UTC(2026, 0, 5, 9, 0, 0);
  return {
    tenant: 'default',
    incidentId: 'inc-1',
    deliveryId: 'inc-1:4:1',
    purpose: 'step',
    locale: 'en',
    to: { user: 'ana', name: 'Ana', contact: 'console', address: 'stdout' },
    title: 'Database is down',
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
    people: { asked: [], acknowledgedBy: [] },
    links: [],
    actions: [],
    moreText: 'and {n} more',
    ...changes,
  };
}

/** A signal that never aborts, and one that has. */
export const patient = new AbortController().signal;
export const aborted = AbortSignal.abort();
