/**
 * Still told: which updates of an announcement may be told to its subscriber now, where some time has passed since it was written.
 *
 * An incident that has become private meanwhile is told of to those only who may see it. It sends nothing.
 */
import { involvedIn } from '../core/lifecycle/involved.ts';
import type { Announced } from '../core/updates/announcement.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { StoredSubscriber } from '../model/subscriber.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** What is told so soon was looked at when it was written. */
const SOON_MS = 10_000;

/** Those of `items` that may be told; one whose incident cannot be read is told as it was written. */
export async function stillTold(
  engine: Engine,
  { delivery, subscriber, now }: Telling,
  items: readonly Announced[],
): Promise<readonly Announced[]> {
  const ids = [...new Set(items.flatMap(({ incident }) => incident ?? []))];
  const isFresh = delivery.attempts <= 1 && now - delivery.requestedAt < SOON_MS;
  if (isFresh || ids.length === 0) return items;
  const { tenant } = delivery;
  const { incidents } = await reaching(() => engine.storage.load({ tenant, incidents: ids }));
  const ready = await Promise.all(incidents.map((row) => engine.reads.incident(row)));
  const hidden = new Set(
    ready.flatMap((one) => (one !== undefined && isHidden(one.snapshot.context, subscriber) ? [one.id] : [])),
  );
  return items.filter(({ incident }) => incident === undefined || !hidden.has(incident));
}

type Telling = {
  readonly delivery: StoredDelivery;
  readonly subscriber: StoredSubscriber | undefined;
  /** By the storage's clock, epoch ms. */
  readonly now: number;
};

function isHidden(context: Parameters<typeof involvedIn>[0], subscriber: StoredSubscriber | undefined): boolean {
  if (context.visibility === 'public') return false;
  const { audience, user } = subscriber ?? {};
  return audience !== 'internal' || user === undefined || !involvedIn(context).has(user);
}
