/**
 * Changes of subscribers: added by the host, asked for by strangers, changed and removed.
 *
 * A stranger who asks for an address changes nothing but what waits for the confirmation of whoever reads it, and is told
 * the same whether the address is known or not.
 */
import { TocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { StoredSubscriber, SubscriptionWishes } from '../model/subscriber.ts';
import type { DocumentChange } from '../ports/storage.ts';
import { announcementRow } from './announcement-row.ts';
import { authorize } from './authorize.ts';
import { NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { subscriberId, subscriberIn, subscriberKey } from './subscribers-document.ts';
import {
  notThere,
  refusal,
  refuseNotifier,
  refuseStrange,
  refuseWishes,
  SUBSCRIBER_INPUTS,
} from './subscribers-input.ts';
import { type Decided, transact } from './transact.ts';

/** How long a request to be told waits for its confirmation. */
const CONFIRM_WITHIN_MS = 7 * 86_400_000;
/** How often one address is asked to confirm within a day: whoever asks for others must not be a nuisance to them. */
const MOST_CONFIRMATIONS = 3;
const DAY_MS = 86_400_000;

/** Stores a subscriber whom the host vouches for, or whom it has confirm. */
export async function addSubscriber(engine: Engine, tenant: string, input: unknown): Promise<StoredSubscriber> {
  const { by, confirmed, ...checked } = checkShape('add a subscriber', SUBSCRIBER_INPUTS.add, input);
  await authorize(engine, actorOf(by), 'subscribers.add', { tenant });
  if (!confirmed) refuseWithoutLinks(engine);
  const { notifier, address, audience, user, ...wishes } = checked;
  const id = subscriberId(engine, checked);
  const { salt: nonce } = engine.codes();
  return change(engine, tenant, id, ({ loaded, before }) => {
    refuseNotifier(engine, tenant, 'add', notifier);
    refuseWishes('add', wishes, loaded.config);
    refuseUnknownUser('add', user, loaded);
    if (before?.confirmedAt !== undefined)
      throw refusal('add', 'address', `it is subscriber ${id} already; change it with \`subscribers.update\``);
    const made = { id, notifier, address, audience, createdAt: loaded.now, ...(user !== undefined && { user }) };
    if (confirmed) return { after: { ...made, ...wishes, confirmedAt: loaded.now } };
    return requested(engine, tenant, { before: before ?? made, wishes, nonce, now: loaded.now });
  });
}

/** Asks whoever reads an address whether they want to be told; answers nothing, whatever is known of it. */
export async function requestSubscription(engine: Engine, tenant: string, input: unknown): Promise<void> {
  const { notifier, address, ...wishes } = checkShape('subscribe', SUBSCRIBER_INPUTS.subscribe, input);
  refuseWithoutLinks(engine);
  const audience = 'public';
  const id = subscriberId(engine, { audience, notifier, address });
  const { salt: nonce } = engine.codes();
  await change(engine, tenant, id, ({ loaded, before }) => {
    refuseStrange(loaded.config, { notifier, components: wishes.components });
    refuseNotifier(engine, tenant, 'subscribe', notifier);
    const made: StoredSubscriber = { id, notifier, address, audience, createdAt: loaded.now };
    return requested(engine, tenant, { before: before ?? made, wishes, nonce, now: loaded.now });
  });
}

/** Changes what a subscriber hears of. */
export async function updateSubscriber(
  engine: Engine,
  tenant: string,
  id: string,
  input: unknown,
): Promise<StoredSubscriber> {
  const { by, failing, ...given } = checkShape('update a subscriber', SUBSCRIBER_INPUTS.update, input);
  await authorize(engine, actorOf(by), 'subscribers.update', { tenant });
  return change(engine, tenant, id, ({ loaded, before }) => {
    if (before === undefined) throw notThere('update', id);
    const after = defined({ ...before, ...given });
    refuseWishes('update', after, loaded.config);
    refuseUnknownUser('update', given.user ?? undefined, loaded);
    const { failures: _, failingAt: __, ...well } = after;
    return { after: failing === false ? well : after };
  });
}

/** Removes a subscriber. */
export async function removeSubscriber(engine: Engine, tenant: string, id: string, input: unknown): Promise<void> {
  const { by } = checkShape('remove a subscriber', SUBSCRIBER_INPUTS.remove, input);
  await authorize(engine, actorOf(by), 'subscribers.remove', { tenant });
  await change(engine, tenant, id, ({ isThere }) => {
    if (!isThere) throw notThere('remove', id);
    return { after: undefined };
  });
}

/** What a change is decided on. */
type World = {
  readonly loaded: Decidable;
  readonly before: StoredSubscriber | undefined;
  /** Whether there is a document, be it readable or not. */
  readonly isThere: boolean;
};

/** What is stored then; `after: undefined` removes it, and without `after` it stays as it is. */
export type Changed = {
  readonly after?: StoredSubscriber | undefined;
  readonly deliveries?: readonly StoredDelivery[];
};

/** Stores what `make` makes of subscriber `id`, and answers it. */
export function change(
  engine: Engine,
  tenant: string,
  id: string,
  make: (world: World) => Changed,
): Promise<StoredSubscriber> {
  if (typeof id !== 'string') throw notThere('change', String(id));
  const decide = (loaded: Decidable): Decided<StoredSubscriber> => {
    const { version, subscriber: before, isThere } = subscriberIn(loaded.documents, id);
    const changed = make({ loaded, before, isThere });
    const { after, deliveries = [] } = changed;
    const answer = () => (after ?? before) as StoredSubscriber;
    if (!('after' in changed)) return { answer };
    const document: DocumentChange = {
      ...subscriberKey(id),
      expectedVersion: version,
      data: after,
      // Nobody who has not confirmed is kept.
      ...(after?.confirmedAt === undefined && after?.pending !== undefined && { expiresAt: after.pending.until }),
    };
    return { change: { ...NO_CHANGE, documents: [document], deliveries }, answer };
  };
  return transact(engine, { tenant, documents: [subscriberKey(id)] }, decide);
}

type Requested = {
  readonly before: StoredSubscriber;
  readonly wishes: SubscriptionWishes;
  readonly nonce: string;
  readonly now: number;
};

/** What waits for the confirmation, and the message that asks for it; nothing when the address was asked often enough. */
function requested(engine: Engine, tenant: string, { before, wishes, nonce, now }: Requested): Changed {
  const sentAt = (before.pending?.sentAt ?? []).filter((at) => at > now - DAY_MS);
  if (sentAt.length >= MOST_CONFIRMATIONS) return {};
  const pending = { nonce, wishes: defined(wishes), until: now + CONFIRM_WITHIN_MS, sentAt: [...sentAt, now] };
  const after = { ...before, pending };
  const delivery = announcementRow({
    id: `confirm:${before.id}:${engine.ids()}`,
    tenant,
    subscriber: after,
    content: { topic: 'confirm', title: '' },
    now,
  });
  return { after, deliveries: [delivery] };
}

function refuseUnknownUser(doing: string, user: string | undefined, { config }: Decidable): void {
  if (user === undefined || config.users.has(user)) return;
  const known = [...config.users.keys()].slice(0, 8).join(', ');
  throw refusal(doing, 'user', `there is no user ${user}. Known: ${known}`, 'REFERENCE_UNKNOWN');
}

/** Nobody could confirm what has no link. */
function refuseWithoutLinks({ subscriptionTokens }: Engine): void {
  if (subscriptionTokens?.baseUrl !== undefined) return;
  const message = 'give createTocsin `secrets` and a `baseUrl`, or nobody can confirm that they want to be told';
  throw new TocsinError('INPUT_INVALID', `Cannot ask anybody to confirm: ${message}.`, {
    details: { problems: [{ path: 'secrets', message }] },
  });
}

/** Drops what is `null` or `undefined`. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]: Exclude<T[K], null>;
  };
}
