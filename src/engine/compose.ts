/**
 * Compose: the message of one attempt, in the language of its reader and the words of the host.
 *
 * What cannot be put into words is said all the same: a message that lacks its incident still reaches somebody.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { messageOf } from '../core/paging/message.ts';
import { replacedMessage } from '../core/paging/message-replaced.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { BundleItem, Message, MessageStatus } from '../model/message.ts';
import { withActionLinks } from './action-links.ts';
import type { Engine } from './engine.ts';
import { personOf } from './people.ts';

/** What a message is made from. */
export type Composing = {
  /** `undefined` when it is about no incident, or about one that cannot be read. */
  readonly context: IncidentContext | undefined;
  /** What goes out with it. */
  readonly carried: readonly BundleItem[];
  /** How far the incident is, when it can be read. */
  readonly status?: MessageStatus | undefined;
  /** By the storage's clock, epoch ms. */
  readonly now: number;
};

/** The message of `delivery`. */
export function compose(
  engine: Engine,
  delivery: StoredDelivery,
  { context, carried, status, now }: Composing,
): Message {
  const user = delivery.user === undefined ? undefined : personOf(engine, delivery.tenant, delivery.user);
  const { texts } = engine.words;
  const names = namesFor(engine, delivery, context);
  const bundle = carried.length === 0 ? undefined : carried;
  const options = { sentAt: now, locale: user?.locale, texts, names, bundle, status };
  const message = replacedMessage(inWords(engine, delivery, { context, options }), engine.words.replace, (error) =>
    engine.logger.error({ error, delivery: delivery.id }, 'What the host would rather say cannot be used.'),
  );
  return withActionLinks(engine, delivery, message);
}

type Options = Parameters<typeof messageOf>[2];

function inWords(
  engine: Engine,
  delivery: StoredDelivery,
  { context, options }: { readonly context: IncidentContext | undefined; readonly options: Options },
): Message {
  try {
    return messageOf(delivery, context, options);
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'What is stored of an incident cannot be put into words.');
    return messageOf(delivery, undefined, options);
  }
}

function namesFor(engine: Engine, { tenant, user }: StoredDelivery, context: IncidentContext | undefined) {
  const config = engine.tenants.get(tenant);
  return {
    service: context === undefined ? undefined : config?.services.get(context.service)?.name,
    user: user === undefined ? undefined : personOf(engine, tenant, user)?.name,
    person: (id: string) => personOf(engine, tenant, id)?.name,
    role: (id: string) => config?.response.roles.get(id)?.name,
  };
}
