/**
 * Fan-out: writes one delivery for each subscriber who wants to hear of what waits in the queue, all in one commit.
 *
 * It is written once, however often the timer fires: each delivery is named after what it announces and to whom. They fall due
 * one after the other, so that thousands of them never stand before a page. What is about an incident that cannot be read waits.
 */
import { type CompiledCondition, compileCondition } from '../core/rules/condition.ts';
import { type Announced, isMeant, type Judging } from '../core/updates/announcement.ts';
import { isTocsinError } from '../errors.ts';
import type { Condition } from '../model/condition.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { durationMs } from '../model/duration.ts';
import type { StoredSubscriber } from '../model/subscriber.ts';
import type { StoredTimer } from '../ports/storage.ts';
import { announcedNow, type Hearing, hearingOf } from './announced-now.ts';
import { ANNOUNCEMENTS, batchKey, emptied, mayBeHeld, QUEUE, type Queue, queueIn } from './announcement-queue.ts';
import { announcementRow } from './announcement-row.ts';
import { joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { readSubscriber, SUBSCRIBER_COLLECTION } from './subscribers-document.ts';
import { type Decide, reaching, transact } from './transact.ts';

const PAGE = 1_000;
/** So many fall due together, and so long after those before them: a thousand within a second. */
const TOGETHER = 32;
const BETWEEN_MS = 32;
/** How long what was announced is kept, for whoever hears of it late. */
const KEPT_MS = 30 * 86_400_000;

type Outcome = 'stale' | 'not yet' | 'told';

/** Fires the timer of the queue; answers whether it still counted. */
export async function fireFanOut(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant } = timer;
  const subscribers = await allSubscribers(engine, tenant);
  const { documents } = await reaching(() => engine.load({ tenant, documents: [QUEUE] }));
  const incidents = queueIn(documents).queue.waiting.flatMap(({ incident }) => incident ?? []);
  // What became private since is told as what it is now; whoever tells it looks once more.
  const hearing = await hearingOf(engine, tenant, incidents);
  let sorted: Sorted | undefined;
  const decide: Decide<Outcome> = (loaded, asked) => {
    const { version, queue } = queueIn(loaded.documents);
    if (version !== timer.armedSeq || queue.dueAt === null) return { answer: () => 'stale' };
    if (queue.dueAt > loaded.now) return { answer: () => 'not yet' };
    sorted = sortedOut(queue, hearing, loaded.now);
    const { items, held } = sorted;
    const batch = batchName(items);
    const key = batchKey(batch);
    // What was told before is not told again.
    if (!asked.documents?.some(({ id }) => id === key.id)) return { more: { documents: [key] } };
    const wasTold = loaded.documents.some(({ id }) => id === key.id);
    const deliveries = wasTold ? [] : deliveriesTo(engine, subscribers, { tenant, items, batch, loaded });
    const kept = { ...key, expectedVersion: 0, data: { items }, expiresAt: loaded.now + KEPT_MS };
    const withinMs = durationMs(loaded.config.config.updates.digestWithin);
    const hasTold = deliveries.length > 0;
    const change = joinChanges(emptied(version, queue, { now: loaded.now, hasTold, held, withinMs }), {
      ...NO_CHANGE,
      deliveries,
      documents: deliveries.length === 0 ? [] : [kept],
    });
    return { change, answer: () => 'told' };
  };
  const outcome = await transact(engine, { tenant, documents: [QUEUE] }, decide, [ANNOUNCEMENTS]);
  if (outcome === 'told' && sorted !== undefined) tellOfHeld(engine, tenant, sorted);
  if (outcome === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  return outcome === 'told';
}

type Sorted = {
  /** What can be told, as it is now. */
  readonly items: readonly Announced[];
  /** What is about incidents that cannot be read, and waits, or has waited for too long. */
  readonly held: readonly Announced[];
  readonly lost: readonly Announced[];
};

function sortedOut({ waiting }: Queue, hearing: ReadonlyMap<string, Hearing>, now: number): Sorted {
  const unknown = waiting.filter((item) => announcedNow(item, hearing) === undefined);
  return {
    items: waiting.flatMap((item) => announcedNow(item, hearing) ?? []),
    held: unknown.filter((item) => mayBeHeld(item, now)),
    lost: unknown.filter((item) => !mayBeHeld(item, now)),
  };
}

/** Once when it begins to wait, and once when it is given up. */
function tellOfHeld({ logger }: Engine, tenant: string, { held, lost }: Sorted): void {
  for (const { id, incident, heldSince } of held)
    if (heldSince === undefined)
      logger.error({ tenant, incident, update: id }, 'An update waits: its incident cannot be read. Others are told.');
  for (const { id, incident } of lost)
    logger.error({ tenant, incident, update: id }, 'An update was told to nobody: its incident could not be read.');
}

async function allSubscribers(engine: Engine, tenant: string): Promise<readonly StoredSubscriber[]> {
  const all: StoredSubscriber[] = [];
  for (let after: string | undefined; ; ) {
    const filter = { collection: SUBSCRIBER_COLLECTION, limit: PAGE, after };
    const documents = await reaching(() => engine.storage.listDocuments(tenant, filter));
    for (const document of documents) {
      const subscriber = readSubscriber(document);
      if (subscriber !== undefined) all.push(subscriber);
    }
    after = documents.at(-1)?.id;
    if (documents.length < PAGE) return all;
  }
}

type Telling = {
  readonly tenant: string;
  readonly items: readonly Announced[];
  readonly batch: string;
  readonly loaded: Decidable;
};

function deliveriesTo(
  engine: Engine,
  subscribers: readonly StoredSubscriber[],
  { tenant, items, batch, loaded }: Telling,
): readonly StoredDelivery[] {
  const judging = judgingOf(engine, loaded);
  const deliveries: StoredDelivery[] = [];
  for (const subscriber of subscribers) {
    const places = items.flatMap((item, place) => (isMeant(subscriber, item, judging) ? [place] : []));
    if (places.length === 0) continue;
    const incidents = [...new Set(places.flatMap((place) => items[place]?.incident ?? []))];
    deliveries.push(
      announcementRow({
        id: `announcement:${batch}:${subscriber.id}`,
        tenant,
        subscriber,
        content: { topic: 'update', title: '', announces: { batch, items: places, incidents } },
        now: loaded.now,
        afterMs: Math.floor(deliveries.length / TOGETHER) * BETWEEN_MS,
      }),
    );
  }
  return deliveries;
}

/** The conditions of thousands are few: each is compiled once. */
function judgingOf(engine: Engine, { config }: Decidable): Judging {
  const compiled = new Map<string, CompiledCondition | undefined>();
  const compile = (when: Condition): CompiledCondition | undefined => {
    const name = JSON.stringify(when);
    if (compiled.has(name)) return compiled.get(name);
    const condition = compiledOrNot(engine, when);
    compiled.set(name, condition);
    return condition;
  };
  return {
    from: config.config.updates.from,
    isAtLeast: (severity, from) =>
      config.severity.level(from) === undefined ||
      config.severity.level(severity) === undefined ||
      !config.severity.isMoreSevere(from, severity),
    holds: (when, fact, at) => compile(when)?.test(fact, at) ?? false,
  };
}

function compiledOrNot(engine: Engine, when: Condition): CompiledCondition | undefined {
  try {
    return compileCondition(when, 'when');
  } catch (error) {
    if (!isTocsinError(error)) throw error;
    engine.logger.warn({ error }, 'What a subscriber wants to hear of cannot be read; they are told nothing.');
    return undefined;
  }
}

/** The same for the same updates: a single one lends its own name. */
function batchName(items: readonly Announced[]): string {
  const [first] = items;
  return items.length === 1 ? (first?.id ?? '') : `${first?.id ?? ''}+${items.length - 1}`;
}
