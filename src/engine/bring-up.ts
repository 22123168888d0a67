/**
 * Bringing up: one attempt to bring a message that was sent, or an incident of another platform, up to date.
 *
 * What it says is how the incident is at that moment, so of several that wait only the last one goes out, and never two at
 * once. It never stands in the way of a page: it has few places and a breaker of its own, and waits while pages have to wait.
 */
import { textsFor } from '../core/paging/message-texts.ts';
import { spread } from '../core/paging/retry.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Message } from '../model/message.ts';
import type { ClaimedDelivery } from '../ports/storage.ts';
import { type Carrier, carriersOf } from './carriers.ts';
import { compose } from './compose.ts';
import { bringsUp, OF_NO_PAGE } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import { contextOf, type ReadContext } from './incident-context.ts';
import { keepName } from './keep-reference.ts';
import { isHeld } from './lease.ts';
import { type Attempted, dead, ended, putOff, verdictOf } from './outcome.ts';
import { publicSaying } from './public-mirrors.ts';
import { send } from './send.ts';
import { isTheirs } from './still-theirs.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

const ALL = 100_000;
const AGAIN_MS = 500;
/** What leads to another state than the news after it would, the strongest first. */
const STRONG = ['reopened', 'unacknowledged'];

/** How the attempt ended; `undefined` when the delivery was somebody else's by then. */
export async function bringUp(engine: Engine, claimed: ClaimedDelivery): Promise<Attempted | undefined> {
  const { delivery } = claimed;
  const { tenant, incidentId } = delivery;
  const rows = await reaching(() =>
    engine.storage.listDeliveries(tenant, { incidentId, page: OF_NO_PAGE, limit: ALL }),
  );
  const others = rows.filter((other) => other.id !== delivery.id && isOfSame(other, delivery));
  const instead = insteadOf(delivery, others);
  if (instead !== undefined) return (await isHeld(engine, claimed)) ? instead : undefined;
  const leave = engine.following.enter(delivery.notifier);
  if (leave === undefined) return { outcome: waiting(spread(delivery.id, 2_000, 3_000)), isLong: false };
  try {
    const sent = others.filter(({ state, bundledIn }) => state === 'sent' && bundledIn === undefined);
    const isOld = sent.some((other) => seqOf(other) > seqOf(delivery));
    // Also what failed may have arrived.
    const mayBeMade = delivery.attempts > 1 || others.some(({ attempts }) => attempts > 0);
    return await bring(engine, claimed, { delivery: saying(delivery, others), mayBeMade, isOld });
  } finally {
    leave();
  }
}

const waiting = (afterMs: number) => ({ state: 'held', afterMs, error: 'Another one is on its way.' }) as const;

/** A later one says it all, but for a text; and one that waits only for those before it waits for nobody in a circle. */
function insteadOf(delivery: StoredDelivery, others: readonly StoredDelivery[]): Attempted | undefined {
  const later = others.find((other) => isLive(other) && !isText(other) && seqOf(other) > seqOf(delivery));
  if (later !== undefined && !isText(delivery)) return ended({ state: 'sent', bundledIn: later.id });
  const isTaken = others.some((other) => other.state === 'leased' && seqOf(other) < seqOf(delivery));
  return isTaken ? ended(waiting(AGAIN_MS)) : undefined;
}

/** The delivery with the strongest news of those that it goes out for. */
function saying(delivery: StoredDelivery, others: readonly StoredDelivery[]): StoredDelivery {
  if (delivery.purpose !== 'mirror' || isText(delivery)) return delivery;
  const ids = new Set([delivery.id]);
  const topics = [delivery.content?.topic];
  for (const { id, bundledIn, content } of others.toSorted((a, b) => seqOf(b) - seqOf(a))) {
    if (bundledIn === undefined || !ids.has(bundledIn)) continue;
    ids.add(id);
    topics.push(content?.topic);
  }
  const topic = STRONG.find((strong) => topics.includes(strong));
  return topic === undefined ? delivery : { ...delivery, content: { title: '', ...delivery.content, topic } };
}

/** What is to be said, and whether something was said there before: it may have a name that was not kept. */
type Bringing = {
  readonly delivery: StoredDelivery;
  readonly mayBeMade: boolean;
  /** Whether later news were told before. */
  readonly isOld: boolean;
};

async function bring(engine: Engine, claimed: ClaimedDelivery, bringing: Bringing): Promise<Attempted | undefined> {
  const { delivery } = bringing;
  if (delivery.isAdded && !(await isTheirs(engine, delivery))) return dead('The person has removed this contact.');
  const [carrier] = carriersOf(delivery.notifier, delivery.address, { notifiers: engine.notifiers, failover: {} });
  if (carrier === undefined) {
    const error = `Cannot deliver ${delivery.id}: no notifier is called ${delivery.notifier}. Hand one to createTocsin.`;
    return ended(verdictOf(delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
  }
  const own: Carrier = { ...carrier, provider: `${carrier.provider} following` };
  const waitMs = Math.max(engine.carriers.waitMs(carrier), engine.carriers.waitMs(own));
  if (waitMs > 0) return { ...putOff(delivery, waitMs, engine.clock.now()), isLong: false };
  const read = await contextOf(engine, delivery);
  if (read?.context === undefined) return dead('What is stored of the incident cannot be read.');
  const isPublic = carrier.notifier.audience === 'public';
  const words = isPublic ? await publicSaying(engine, bringing, read) : whatToSay(engine, bringing, read);
  if (words === undefined) return (await isHeld(engine, claimed)) ? ended({ state: 'sent' }) : undefined;
  if (!(await isHeld(engine, claimed))) return undefined;
  const sent = await send(engine, own, words.message, words.earlier);
  if (sent === undefined) return { ...putOff(delivery, AGAIN_MS, engine.clock.now()), isLong: false };
  if (!('externalId' in sent)) return { ...ended(verdictOf(delivery, [sent])), isLong: false };
  // Nothing begins anew by what is old, or over.
  const isNow = !bringing.isOld && read.status !== 'resolved';
  const { content, ...rest } = words.delivery;
  const named = isNow ? words.delivery : { ...rest, content: { title: '', ...content, topic: 'changed' } };
  await keepName(engine, named, carrier, sent);
  const isFirst = words.delivery !== delivery && sent.externalId !== undefined;
  // It was made first; what there is to say besides goes after it.
  return isFirst ? ended(waiting(AGAIN_MS)) : ended({ state: 'sent', externalId: sent.externalId });
}

type Saying = { readonly delivery: StoredDelivery; readonly message: Message; readonly earlier: string | undefined };

/** The message, and what it is called that it changes; nothing when there is nothing to be said there. */
function whatToSay(engine: Engine, { delivery, mayBeMade }: Bringing, read: ReadContext): Saying | undefined {
  const { context, status } = read;
  if (context === undefined) return undefined;
  const isHidden = context.visibility === 'private' && !mayShowPrivate(engine, delivery);
  const messageOf = (one: StoredDelivery) => compose(engine, one, { ...read, carried: [] });
  if (delivery.purpose === 'update') {
    return isHidden ? undefined : { delivery, message: messageOf(delivery), earlier: delivery.updates };
  }
  const earlier = externalRef(context.links, delivery.contact)?.id;
  if (earlier === undefined) {
    if (isHidden || (status === 'resolved' && !mayBeMade)) return undefined;
    // A text alone makes no mirror.
    const made = isText(delivery) ? { ...delivery, content: { topic: 'opened', title: '' } } : delivery;
    return { delivery: made, message: messageOf(made), earlier };
  }
  if (!isHidden) return { delivery, message: messageOf(delivery), earlier };
  return isText(delivery) ? undefined : { delivery, message: neutral(engine, messageOf(delivery)), earlier };
}

/** What became private is not told there any more; only whether somebody is to be asked is. */
function neutral({ words }: Engine, { body: _, ...message }: Message): Message {
  return {
    ...message,
    title: textsFor(message.locale, words.texts).texts.privateTitle,
    lines: [],
    links: [],
    people: { asked: [], acknowledgedBy: [] },
  };
}

function mayShowPrivate(engine: Engine, { tenant, purpose, user, contact }: StoredDelivery): boolean {
  if (purpose === 'update') return user !== undefined;
  return configOf(engine, tenant).config.mirrors.find(({ id }) => id === contact)?.private === true;
}

function isOfSame(other: StoredDelivery, delivery: StoredDelivery): boolean {
  if (!bringsUp(other) || other.purpose !== delivery.purpose || other.notifier !== delivery.notifier) return false;
  return delivery.purpose === 'update' ? other.updates === delivery.updates : other.contact === delivery.contact;
}

function isLive({ state }: StoredDelivery): boolean {
  return state === 'pending' || state === 'leased';
}

function isText({ content }: StoredDelivery): boolean {
  return content?.body !== undefined;
}

function seqOf({ reactsTo }: StoredDelivery): number {
  return reactsTo?.seq ?? 0;
}
