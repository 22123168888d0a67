/**
 * Tells one subscriber: makes sure that they still want to be told, puts it into their words, and hands it over.
 *
 * What fails here never counts against a page, and takes none of its places or budgets. Whoever cannot be reached for good
 * again and again is told nothing any more.
 */

import { messageOf } from '../core/paging/message.ts';
import { replacedMessage } from '../core/paging/message-replaced.ts';
import { type LocalTexts, textsFor } from '../core/paging/message-texts.ts';
import { boundedLine, boundedText } from '../core/text/bounded.ts';
import { type Announced, announcedSchema, mayHear } from '../core/updates/announcement.ts';
import { announcementWords } from '../core/updates/announcement-words.ts';
import type { DeliveryContent, StoredDelivery } from '../model/delivery.ts';
import type { Message } from '../model/message.ts';
import type { StoredSubscriber, SubscriptionClaims } from '../model/subscriber.ts';
import type { ClaimedDelivery, StoredDocument } from '../ports/storage.ts';
import { announcedNow, type Hearing, hearingOf } from './announced-now.ts';
import { batchKey } from './announcement-queue.ts';
import { type Carrier, carriersOf } from './carriers.ts';
import { NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { isHeld } from './lease.ts';
import { type Attempted, dead, ended, putOff, UNASKED, verdictOf } from './outcome.ts';
import { personOf } from './people.ts';
import { type Failure, send } from './send.ts';
import { subscriberIn, subscriberKey } from './subscribers-document.ts';
import { subscriptionUrl } from './subscription-tokens.ts';
import { configOf } from './tenant-config.ts';
import { reaching, transact } from './transact.ts';

/** So many messages in a row that nothing can deliver are enough. */
const MOST_FAILURES = 3;

/** How the attempt ended; `undefined` when there was none. */
export async function tellSubscriber(engine: Engine, claimed: ClaimedDelivery): Promise<Attempted | undefined> {
  const { delivery } = claimed;
  const { tenant, contact, content, notifier, address } = delivery;
  const { failover } = configOf(engine, tenant).config;
  const carriers = carriersOf(notifier, address, { notifiers: engine.notifiers, failover });
  if (carriers.length === 0) {
    if (!(await isHeld(engine, claimed))) return undefined;
    const error = `Cannot tell subscriber ${contact}: no notifier is called ${notifier}. Hand one to createTocsin.`;
    return ended(verdictOf(delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
  }
  const { able, waitMs } = ableNow(engine, carriers);
  if (able.length === 0) return putOff(delivery, waitMs, engine.clock.now());
  const { batch, incidents = [] } = content?.announces ?? {};
  const documents = [subscriberKey(contact), ...(batch === undefined ? [] : [batchKey(batch)])];
  // Nothing takes an announcement back, so that the lease may be looked at while the subscriber is.
  const reading = reaching(() => engine.load({ tenant, documents }));
  const knowing = hearingOf(engine, tenant, incidents);
  const [loaded, hearing, isOurs] = await Promise.all([reading, knowing, isHeld(engine, claimed)]);
  if (!isOurs) return undefined;
  const { subscriber } = subscriberIn(loaded.documents, contact);
  const made = messageFor(engine, delivery, { subscriber, hearing, ...loaded });
  if ('unsaid' in made) return unsaid(delivery, made);
  const failures: Failure[] = [];
  for (const [place, carrier] of able.entries()) {
    if (place > 0 && !(await isHeld(engine, claimed))) return undefined;
    const sent = await send(engine, carrier, made);
    if (sent === undefined) continue;
    if (!('externalId' in sent)) {
      failures.push(sent);
      continue;
    }
    if ((subscriber?.failures ?? 0) > 0) await countFailure(engine, delivery, 'none');
    return ended({ state: 'sent', externalId: sent.externalId, via: carrier.notifier.name });
  }
  if (failures.length === 0) return putOff(delivery, ableNow(engine, carriers).waitMs, engine.clock.now());
  const attempted = ended(verdictOf(delivery, failures.length < carriers.length ? [...failures, UNASKED] : failures));
  // An outage says nothing about an address.
  const isRefused = attempted.outcome.state === 'dead' && failures.every(({ permanent }) => permanent);
  if (isRefused) await countFailure(engine, delivery, 'one more');
  return attempted;
}

/** Dead letters are for what failed: what nobody wants or may hear any more is done. */
function unsaid(delivery: StoredDelivery, made: Unsaid): Attempted {
  if (made.unsaid === 'unwanted') return ended({ state: 'sent' });
  if (made.unsaid === 'impossible') return dead(made.why);
  return ended(verdictOf(delivery, [{ error: made.why, permanent: false, retryAfterMs: undefined }]));
}

/** Counts one more message that every carrier refused for good, or that one was taken. */
async function countFailure(engine: Engine, delivery: StoredDelivery, which: 'one more' | 'none'): Promise<void> {
  const { tenant, contact: id } = delivery;
  await transact(engine, { tenant, documents: [subscriberKey(id)] }, ({ documents, now }) => {
    const { subscriber, version } = subscriberIn(documents, id);
    if (subscriber?.confirmedAt === undefined) return { answer: () => undefined };
    const { failures: before = 0, failingAt, ...well } = subscriber;
    const failures = before + 1;
    const data =
      which === 'none'
        ? well
        : { ...well, failures, ...(failures >= MOST_FAILURES && { failingAt: failingAt ?? now }) };
    const change = { ...NO_CHANGE, documents: [{ ...subscriberKey(id), expectedVersion: version, data }] };
    return { change, answer: () => undefined };
  });
}

type Telling = {
  readonly subscriber: StoredSubscriber | undefined;
  readonly documents: readonly StoredDocument[];
  /** Who may hear of the incidents that it is about. */
  readonly hearing: ReadonlyMap<string, Hearing>;
  readonly now: number;
};

/** Why there is no message: nobody wants or may hear it, it cannot be made, or it cannot be known now who may hear it. */
type Unsaid = { readonly unsaid: 'unwanted' } | { readonly unsaid: 'impossible' | 'unknown'; readonly why: string };

const UNWANTED: Unsaid = { unsaid: 'unwanted' };

function messageFor(engine: Engine, delivery: StoredDelivery, telling: Telling): Message | Unsaid {
  const { subscriber, documents, hearing, now } = telling;
  const { tenant, content, user } = delivery;
  if (subscriber === undefined) return UNWANTED;
  const wanted = content?.topic === 'confirm' ? subscriber.pending?.wishes.locale : undefined;
  const locale =
    wanted ?? subscriber.locale ?? (user === undefined ? undefined : personOf(engine, tenant, user)?.locale);
  const local = textsFor(locale, engine.words.texts);
  const said =
    content?.topic === 'confirm'
      ? confirmation(engine, tenant, subscriber, { local, now })
      : announcement(engine, delivery, subscriber, { local, documents, hearing });
  if ('unsaid' in said) return said;
  const { lines, unsubscribe, ...own } = said;
  const name = user === undefined ? undefined : personOf(engine, tenant, user)?.name;
  const options = { sentAt: now, locale, texts: engine.words.texts, names: { user: name } };
  const message = messageOf({ ...delivery, content: own }, undefined, options);
  const whole = {
    ...message,
    lines: [...lines.map((line) => boundedLine(line)), ...message.lines],
    ...(unsubscribe !== undefined && { unsubscribe }),
  };
  const replaced = replacedMessage(whole, engine.words.replace, (error) =>
    engine.logger.error({ error, delivery: delivery.id }, 'What the host would rather say cannot be used.'),
  );
  return { ...replaced, to: { ...replaced.to, contact: subscriber.notifier } };
}

type Said = DeliveryContent & { readonly lines: readonly string[]; readonly unsubscribe?: string };

function announcement(
  engine: Engine,
  { tenant, content }: StoredDelivery,
  subscriber: StoredSubscriber,
  { local, documents, hearing }: Pick<Telling, 'documents' | 'hearing'> & { readonly local: LocalTexts },
): Said | Unsaid {
  if (subscriber.confirmedAt === undefined) return UNWANTED;
  const kept = itemsOf(content, documents);
  if (kept.length === 0) return { unsaid: 'impossible', why: 'What was to be told is not kept any more.' };
  const known = kept.flatMap((item) => announcedNow(item, hearing) ?? []);
  const items = known.filter((item) => mayHear(subscriber, item));
  if (items.length === 0 && known.length < kept.length)
    return { unsaid: 'unknown', why: 'The incident of which it tells cannot be read, so that nothing was sent.' };
  if (items.length === 0) return UNWANTED;
  const { title, body, lines } = announcementWords(items, subscriber.audience, local);
  const unsubscribe = urlOf(engine, { action: 'unsubscribe', tenant, subscriber: subscriber.id });
  const page = configOf(engine, tenant).config.status.pages.find(
    ({ url, audience }) => url !== undefined && audience === subscriber.audience,
  );
  const links = [
    ...(page?.url === undefined ? [] : [{ href: page.url, text: page.name }]),
    ...(unsubscribe === undefined ? [] : [{ href: unsubscribe, text: local.texts.unsubscribeLink }]),
  ];
  return {
    topic: items.every(({ kind }) => kind === 'maintenance') ? 'maintenance' : 'update',
    title,
    ...(body !== '' && { body: boundedText(body) }),
    lines,
    links,
    ...(unsubscribe !== undefined && { unsubscribe }),
  };
}

function confirmation(
  engine: Engine,
  tenant: string,
  { id, pending }: StoredSubscriber,
  { local, now }: { readonly local: LocalTexts; readonly now: number },
): Said | Unsaid {
  if (pending === undefined || pending.until <= now) return UNWANTED;
  const { nonce, until: expiresAt } = pending;
  const href = urlOf(engine, { action: 'confirm', tenant, subscriber: id, nonce, expiresAt });
  if (href === undefined) {
    const why = 'There is no link to confirm it with: give createTocsin `secrets` and a `baseUrl`.';
    return { unsaid: 'impossible', why };
  }
  const { confirmTitle: title, confirmBody: body, confirmLink: text } = local.texts;
  return { topic: 'confirm', title, body, links: [{ href, text }], lines: [] };
}

/** Without secrets there is no link, which keeps no announcement back. */
function urlOf({ subscriptionTokens, logger }: Engine, claims: SubscriptionClaims): string | undefined {
  if (subscriptionTokens?.baseUrl === undefined) return undefined;
  try {
    return subscriptionUrl(subscriptionTokens.baseUrl, subscriptionTokens.mint(claims));
  } catch (error) {
    logger.error({ error, subscriber: claims.subscriber }, 'A message to a subscriber goes out without its link.');
    return undefined;
  }
}

function itemsOf(content: DeliveryContent | undefined, documents: readonly StoredDocument[]): readonly Announced[] {
  const { batch, items = [] } = content?.announces ?? {};
  if (batch === undefined) return [];
  const { collection, id } = batchKey(batch);
  const data = documents.find((one) => one.collection === collection && one.id === id)?.data;
  const all: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'items') : undefined;
  if (!Array.isArray(all)) return [];
  return items.flatMap((place) => announcedSchema.safeParse(all[place]).data ?? []);
}

/** Those that may be asked now, and, when nobody may, how long until somebody may. */
function ableNow(engine: Engine, carriers: readonly Carrier[]) {
  const waits = carriers.map((carrier) => ({ carrier, ms: engine.carriers.waitMs(carrier) }));
  const able = waits.filter(({ ms }) => ms === 0).map(({ carrier }) => carrier);
  return { able, waitMs: Math.min(...waits.map(({ ms }) => ms)) };
}
