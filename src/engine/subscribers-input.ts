/**
 * Subscribers as people ask for them, and how what cannot be done is refused.
 *
 * No refusal tells a stranger whether an address is known.
 */
import * as z from 'zod';
import type { CompiledConfig } from '../core/config/compile.ts';
import { compileCondition } from '../core/rules/condition.ts';
import { isPublicComponent } from '../core/status/page-title.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';
import { audienceSchema } from '../model/status.ts';
import { type SubscriptionWishes, subscriberAddressSchema, subscriptionWishesSchema } from '../model/subscriber.ts';
import { carriersOf } from './carriers.ts';
import type { Engine } from './engine.ts';
import { by } from './input-parts.ts';
import { configOf } from './tenant-config.ts';
import { refuseUnknownComponents } from './update-commands.ts';

const wishes = subscriptionWishesSchema.shape;
const some = {
  when: wishes.when.nullable(),
  components: wishes.components.nullable(),
  from: wishes.from.nullable(),
  locale: wishes.locale.nullable(),
};

/** The input of each change of subscribers. */
export const SUBSCRIBER_INPUTS = {
  add: z.strictObject({
    by,
    ...subscriberAddressSchema.shape,
    ...wishes,
    audience: audienceSchema.default('public'),
    user: idSchema.optional(),
    confirmed: z.boolean().default(true),
  }),
  // A condition or a level would tell a stranger which services and levels there are.
  subscribe: z.strictObject({ ...subscriberAddressSchema.shape, components: wishes.components, locale: wishes.locale }),
  update: z.strictObject({ by, ...some, user: idSchema.nullable().optional(), failing: z.literal(false).optional() }),
  remove: z.strictObject({ by }),
  list: z.strictObject({
    cursor: z.string().max(200).optional(),
    limit: z.number().int().min(1).max(1_000).optional(),
  }),
} as const;

/** What a change of subscribers is made of. */
export type SubscriberInput<N extends keyof typeof SUBSCRIBER_INPUTS> = z.input<(typeof SUBSCRIBER_INPUTS)[N]>;

/** Refuses wishes that nothing could fulfil. */
export function refuseWishes(
  doing: string,
  { when, components, from }: Partial<SubscriptionWishes>,
  config: CompiledConfig | { readonly config: CompiledConfig['config']; readonly severity: CompiledConfig['severity'] },
): void {
  refuseUnknownComponents(`subscribers.${doing}`, components, config);
  if (from !== undefined && config.severity.level(from) === undefined) {
    const known = config.severity.levels.map(({ id }) => id).join(', ');
    throw refusal(doing, 'from', `there is no severity level ${from}. Known: ${known}`, 'REFERENCE_UNKNOWN');
  }
  if (when === undefined) return;
  try {
    compileCondition(when, 'when');
  } catch (error) {
    if (!isTocsinError(error)) throw error;
    throw refusal(doing, 'when', error.message);
  }
}

/** Refuses a notifier that nobody has handed in. */
export function refuseNotifier(engine: Engine, tenant: string, doing: string, notifier: string): void {
  const { failover } = configOf(engine, tenant).config;
  const carriers = carriersOf(notifier, '', { notifiers: engine.notifiers, failover });
  if (carriers.some((carrier) => carrier.notifier.mirrors !== undefined))
    throw refusal(doing, 'notifier', `${notifier} makes incidents of messages, which would page somebody`);
  if (carriers.length > 0) return;
  const known = [...engine.notifiers.keys(), ...Object.keys(failover)].slice(0, 8).join(', ');
  throw refusal(doing, 'notifier', `there is no notifier ${notifier}. Known: ${known}`, 'REFERENCE_UNKNOWN');
}

/** Refuses what strangers may not ask for: a notifier that is not named for them, and components that nobody outside knows. */
export function refuseStrange(
  { config, status }: Pick<CompiledConfig, 'config' | 'status'>,
  { notifier, components }: Pick<SubscriberInput<'subscribe'>, 'notifier' | 'components'>,
): void {
  if (!config.updates.strangers.notifiers.includes(notifier)) {
    const message = `strangers may not subscribe by ${notifier}; name it in the configuration, in \`updates.strangers.notifiers\`, if they may`;
    throw refusal('subscribe', 'notifier', message);
  }
  const known = config.status.components.filter(({ id }) => isPublicComponent(status, id));
  refuseUnknownComponents('subscribers.subscribe', components, { config: { status: { components: known } } });
}

/** An input that cannot be used, because of the field `path`. */
export function refusal(
  doing: string,
  path: string,
  message: string,
  code: 'INPUT_INVALID' | 'REFERENCE_UNKNOWN' = 'INPUT_INVALID',
): TocsinError {
  return new TocsinError(
    code,
    `Cannot ${doing === 'subscribe' ? 'subscribe' : `${doing} a subscriber`}: ${path}: ${message}.`,
    {
      details: { command: `subscribers.${doing}`, problems: [{ path, message }] },
    },
  );
}

/** There is no such subscriber. */
export function notThere(doing: string, id: string): TocsinError {
  return new TocsinError(
    'SUBSCRIBER_NOT_FOUND',
    `Cannot ${doing} subscriber ${String(id).slice(0, 200)}: there is none of that id.`,
    { details: { subscriber: id } },
  );
}
