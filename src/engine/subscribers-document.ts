/**
 * Subscribers as they are stored: one document each, whose id follows from the audience, the notifier and the address.
 *
 * So the same address subscribes once, whoever writes it first. One that this version cannot read is told nothing.
 */
import { createHash } from 'node:crypto';
import type { Audience } from '../model/status.ts';
import { type StoredSubscriber, storedSubscriberSchema } from '../model/subscriber.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';
import type { Engine } from './engine.ts';

const SUBSCRIBERS = 'subscribers';

/** Names the collection. */
export const SUBSCRIBER_COLLECTION = SUBSCRIBERS;

/** Names the document of a subscriber. */
export const subscriberKey = (id: string): DocumentKey => ({ collection: SUBSCRIBERS, id });

/** Whom an address stands for. */
export type Addressed = { readonly audience: Audience; readonly notifier: string; readonly address: string };

/** The id of whoever has this address; mail addresses are the same in capitals. */
export function subscriberId({ notifiers }: Pick<Engine, 'notifiers'>, { audience, notifier, address }: Addressed) {
  const isMail = notifiers.get(notifier)?.kind === 'email' || notifier === 'email';
  const name = JSON.stringify([audience, notifier, isMail ? address.toLowerCase() : address]);
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** The subscriber of a document; `undefined` when this version cannot read it. */
export function readSubscriber(document: StoredDocument | undefined): StoredSubscriber | undefined {
  return document === undefined ? undefined : storedSubscriberSchema.safeParse(document.data).data;
}

/** The document of subscriber `id` among those that were loaded. */
export function subscriberIn(documents: readonly StoredDocument[], id: string) {
  const document = documents.find((one) => one.collection === SUBSCRIBERS && one.id === id);
  return { version: document?.version ?? 0, subscriber: readSubscriber(document), isThere: document !== undefined };
}
