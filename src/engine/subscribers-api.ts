/**
 * tocsin.subscribers: who hears of updates without responding, and how they begin and end it.
 *
 * Each method a line; whatever it answers was read from the storage, never remembered.
 */
import type { StoredSubscriber, SubscriptionWishes } from '../model/subscriber.ts';
import type { Engine } from './engine.ts';
import { checkShape } from './input.ts';
import { addSubscriber, removeSubscriber, requestSubscription, updateSubscriber } from './subscribers-changes.ts';
import { readSubscriber, SUBSCRIBER_COLLECTION } from './subscribers-document.ts';
import { SUBSCRIBER_INPUTS, type SubscriberInput } from './subscribers-input.ts';
import {
  confirmSubscription,
  endSubscription,
  peekSubscription,
  type SubscriptionDone,
  type SubscriptionPreview,
} from './subscribers-links.ts';
import { reaching } from './transact.ts';

/** A subscriber. */
export type Subscriber = SubscriptionWishes & {
  readonly id: string;
  readonly audience: StoredSubscriber['audience'];
  readonly notifier: string;
  readonly address: string;
  /** The person of the configuration or the directory that it is. */
  readonly user?: string;
  /** Whether they are told. One who asked and has not confirmed is forgotten after seven days. */
  readonly isConfirmed: boolean;
  readonly createdAt: Date;
  readonly confirmedAt?: Date;
  /** Since when they are told nothing, because too many messages in a row could not be delivered. */
  readonly failingAt?: Date;
};

/** Who hears of updates without responding. */
export type SubscribersApi = {
  /**
   * Adds a subscriber for whom the host vouches; with `confirmed: false` they are asked to confirm first. The same address
   * subscribes once for each audience.
   *
   * @throws TocsinError INPUT_INVALID or REFERENCE_UNKNOWN, naming the field.
   * @example
   * ```ts
   * import { createTocsin, defineNotifier } from 'tocsin';
   * const sent: string[] = [];
   * const email = defineNotifier({ name: 'email', async send({ to, title, body }) { sent.push(`${to.address}: ${title}: ${body}`); } });
   * const tocsin = createTocsin({
   *   notifiers: [email],
   *   logger: { debug() {}, info() {}, warn() {}, error() {} },
   *   config: {
   *     users: [{ id: 'ana', contacts: [{ notifier: 'email', address: 'ana@ops.example' }] }],
   *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
   *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
   *     status: { components: [{ id: 'shop', name: 'Shop', services: ['checkout'] }] },
   *   },
   * });
   * await tocsin.subscribers.add({ by: 'ana', notifier: 'email', address: 'kim@shop.example' });
   * const { id } = await tocsin.incidents.open({ title: 'db-7 leaks', service: 'checkout', by: 'ana' });
   * await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'We know.', audience: 'public' });
   * await tocsin.tick();
   * sent.at(-1); // => 'kim@shop.example: Investigating: Shop: We know.'
   * await tocsin.stop();
   * ```
   */
  add(input: SubscriberInput<'add'>): Promise<Subscriber>;
  /**
   * A stranger asks to be told at an address: whoever reads it is sent a link, and is told nothing before they confirm. It
   * answers the same whether the address is known or not. How often it may be called by whom is the host's to limit.
   *
   * @throws TocsinError INPUT_INVALID for a notifier that `updates.strangers.notifiers` does not name, and without `secrets` and
   * `baseUrl`.
   * @throws TocsinError INPUT_INVALID or REFERENCE_UNKNOWN, naming the field.
   */
  subscribe(input: SubscriberInput<'subscribe'>): Promise<void>;
  /** What a link would do; nothing is changed by looking. @throws TocsinError ACTION_REFUSED; `details.why` says why. */
  peek(token: string): Promise<SubscriptionPreview>;
  /** Does what a link of a confirmation says; done twice it answers `already`. @throws TocsinError ACTION_REFUSED. */
  confirm(token: string): Promise<SubscriptionDone>;
  /** Does what a link to unsubscribe says, however old it is; done twice it answers `already`. @throws TocsinError ACTION_REFUSED. */
  unsubscribe(token: string): Promise<SubscriptionDone>;
  /** By their ids, at most 1,000 at once, with the cursor of those that follow. */
  list(page?: SubscriberInput<'list'>): Promise<{ readonly items: readonly Subscriber[]; readonly next?: string }>;
  /** Changes of what they hear; `null` lifts a restriction, `failing: false` has them told again. @throws TocsinError SUBSCRIBER_NOT_FOUND. */
  update(id: string, input: SubscriberInput<'update'>): Promise<Subscriber>;
  /** @throws TocsinError SUBSCRIBER_NOT_FOUND when there is none of that id. */
  remove(id: string, input: SubscriberInput<'remove'>): Promise<void>;
};

const PAGE = 100;

/** The subscribers of a tenant. */
export function subscribersApi(engine: Engine, tenant: string): SubscribersApi {
  return {
    add: async (input) => view(await addSubscriber(engine, tenant, input)),
    subscribe: (input) => requestSubscription(engine, tenant, input),
    peek: (token) => peekSubscription(engine, tenant, token),
    confirm: (token) => confirmSubscription(engine, tenant, token),
    unsubscribe: (token) => endSubscription(engine, tenant, token),
    list: (page = {}) => list(engine, tenant, page),
    update: async (id, input) => view(await updateSubscriber(engine, tenant, id, input)),
    remove: (id, input) => removeSubscriber(engine, tenant, id, input),
  };
}

async function list(engine: Engine, tenant: string, page: unknown): ReturnType<SubscribersApi['list']> {
  const { cursor, limit = PAGE } = checkShape('list subscribers', SUBSCRIBER_INPUTS.list, page);
  await engine.ready();
  const filter = { collection: SUBSCRIBER_COLLECTION, limit: limit + 1, after: cursor };
  const documents = await reaching(() => engine.storage.listDocuments(tenant, filter));
  const shown = documents.slice(0, limit);
  const next = documents.length > limit ? shown.at(-1)?.id : undefined;
  const items = shown.flatMap((document) => readSubscriber(document) ?? []).map(view);
  return { items, ...(next !== undefined && { next }) };
}

function view(subscriber: StoredSubscriber): Subscriber {
  const { id, audience, notifier, address, user, when, components, from, locale } = subscriber;
  const { createdAt, confirmedAt, failingAt } = subscriber;
  return {
    id,
    audience,
    notifier,
    address,
    ...(user !== undefined && { user }),
    ...(when !== undefined && { when }),
    ...(components !== undefined && { components }),
    ...(from !== undefined && { from }),
    ...(locale !== undefined && { locale }),
    isConfirmed: confirmedAt !== undefined,
    createdAt: new Date(createdAt),
    ...(confirmedAt !== undefined && { confirmedAt: new Date(confirmedAt) }),
    ...(failingAt !== undefined && { failingAt: new Date(failingAt) }),
  };
}
