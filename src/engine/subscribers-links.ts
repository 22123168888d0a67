/**
 * Links of subscribers: what one would do, and what follows when it is pressed.
 *
 * Looking changes nothing. To press twice does what pressing once does: only a forged, a foreign or an old link is refused.
 */
import { textsFor } from '../core/paging/message-texts.ts';
import { TocsinError } from '../errors.ts';
import type { StoredSubscriber, SubscriptionAction, SubscriptionClaims } from '../model/subscriber.ts';
import type { Engine } from './engine.ts';
import { refusedAnswer } from './refused-answer.ts';
import { change } from './subscribers-changes.ts';
import { subscriberIn, subscriberKey } from './subscribers-document.ts';
import { configOf } from './tenant-config.ts';
import { transact } from './transact.ts';

/** What a link would do. */
export type SubscriptionPreview = {
  readonly action: SubscriptionAction;
  readonly locale: string;
  /** The address, but for the most of it: whoever opens a link need not learn whose it is. */
  readonly address?: string;
  /** The names of the components that it is about; all of them when absent. */
  readonly components?: readonly string[];
  /** Whether it was done already. */
  readonly already: boolean;
};

/** What was done by a link; `already` when it had been done before. */
export type SubscriptionDone = {
  readonly action: SubscriptionAction;
  readonly locale: string;
  readonly already: boolean;
};

/** What the token would do; nothing is changed by looking. */
export async function peekSubscription(engine: Engine, tenant: string, token: unknown): Promise<SubscriptionPreview> {
  await engine.ready();
  const claims = claimsOf(engine, tenant, token);
  const { action, subscriber: id } = claims;
  const found = await transact(engine, { tenant, documents: [subscriberKey(id)] }, (loaded) => {
    const { subscriber } = subscriberIn(loaded.documents, id);
    const isOpen = action === 'unsubscribe' || canConfirm(claims, subscriber, loaded.now);
    const answer = { subscriber, isOpen, isOver: claims.expiresAt !== undefined && loaded.now >= claims.expiresAt };
    return { answer: () => answer };
  });
  const { subscriber, isOpen, isOver } = found;
  const isDone = action === 'confirm' && subscriber?.confirmedAt !== undefined && !isOpen;
  if (action === 'confirm' && !isDone && (!isOpen || isOver))
    throw refusedAnswer(engine, 'expired', { tenant, action });
  const wishes = action === 'confirm' ? (subscriber?.pending?.wishes ?? subscriber) : subscriber;
  const names = configOf(engine, tenant).config.status.components;
  const components = wishes?.components?.map((wanted) => names.find((one) => one.id === wanted)?.name ?? wanted);
  return {
    action,
    locale: localeOf(engine, wishes?.locale ?? subscriber?.locale),
    ...(subscriber !== undefined && { address: masked(subscriber.address) }),
    ...(components !== undefined && { components }),
    already: action === 'unsubscribe' ? subscriber === undefined : isDone,
  };
}

/** Confirms what was asked for an address. */
export async function confirmSubscription(engine: Engine, tenant: string, token: unknown): Promise<SubscriptionDone> {
  await engine.ready();
  const claims = claimsOf(engine, tenant, token, 'confirm');
  let already = false;
  const subscriber = await change(engine, tenant, claims.subscriber, ({ loaded, before }) => {
    already = false;
    if (before !== undefined && canConfirm(claims, before, loaded.now)) {
      const { pending, failures: _, failingAt: __, ...kept } = before;
      const { when: _w, components: _c, from: _f, locale: _l, ...bare } = kept;
      return { after: { ...bare, ...pending?.wishes, confirmedAt: before.confirmedAt ?? loaded.now } };
    }
    // Whoever presses once more, or opens an older message, is told anyway.
    if (before?.confirmedAt === undefined) throw refusedAnswer(engine, 'expired', { tenant, action: 'confirm' });
    already = true;
    return {};
  });
  return { action: 'confirm', locale: localeOf(engine, subscriber.locale), already };
}

/** Has an address hear of nothing any more. */
export async function endSubscription(engine: Engine, tenant: string, token: unknown): Promise<SubscriptionDone> {
  await engine.ready();
  const claims = claimsOf(engine, tenant, token, 'unsubscribe');
  let already = false;
  let locale: string | undefined;
  await change(engine, tenant, claims.subscriber, ({ before, isThere }) => {
    locale = before?.locale;
    already = !isThere;
    return isThere ? { after: undefined } : {};
  });
  return { action: 'unsubscribe', locale: localeOf(engine, locale), already };
}

function canConfirm(
  { nonce, expiresAt }: SubscriptionClaims,
  subscriber: StoredSubscriber | undefined,
  now: number,
): boolean {
  const pending = subscriber?.pending;
  const isOver = expiresAt !== undefined && now >= expiresAt;
  return pending !== undefined && pending.nonce === nonce && now < pending.until && !isOver;
}

/** Its moment is looked at when the clock of the storage is known. */
function claimsOf(engine: Engine, tenant: string, token: unknown, action?: SubscriptionAction): SubscriptionClaims {
  const tokens = engine.subscriptionTokens;
  if (tokens === undefined) {
    const message = 'give createTocsin `secrets`, the same as when the message was sent';
    throw new TocsinError('INPUT_INVALID', `Cannot read a token: ${message}.`, {
      details: { problems: [{ path: 'secrets', message }] },
    });
  }
  const tried = { tenant, ...(action !== undefined && { action }) };
  const outcome = tokens.read(token, 0);
  if (!outcome.ok) throw refusedAnswer(engine, outcome.code, tried);
  // Of what another tenant was sent nothing is told.
  if (outcome.claims.tenant !== tenant) throw refusedAnswer(engine, 'foreign', tried);
  if (action !== undefined && outcome.claims.action !== action) throw refusedAnswer(engine, 'foreign', tried);
  return outcome.claims;
}

function localeOf({ words }: Engine, locale: string | undefined): string {
  return textsFor(locale, words.texts).locale;
}

/** `a…@example.com`, `+4…` */
function masked(address: string): string {
  const at = address.lastIndexOf('@');
  const first = address.slice(0, at > 0 ? 1 : 2);
  return at > 0 ? `${first}…${address.slice(at)}` : `${first}…`;
}
