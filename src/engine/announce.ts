/**
 * Announce: puts an update that was posted, or the end of what was told, into the queue of what subscribers are told.
 *
 * The row that asks for it is written in the commit of the event, so that none is forgotten; it is put in once, however
 * often the row is run. It tells nobody itself.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { announcedIn } from './announced-items.ts';
import { ANNOUNCEMENTS, enqueued, QUEUE } from './announcement-queue.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { configOf } from './tenant-config.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** Puts what is told of the event that `row` is about into the queue. */
export async function announce(engine: Engine, { tenant, reactsTo }: StoredDelivery): Promise<DeliveryOutcome> {
  if (reactsTo === undefined) return { state: 'dead', error: 'What is stored of it names no event.' };
  const { incidentId, seq } = reactsTo;
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  const incident = incidents[0];
  if (incident === undefined) return { state: 'sent' };
  const timeline = await reaching(() => engine.storage.timeline(tenant, incidentId));
  const events = timeline.filter((event) => event.seq <= seq);
  if (events.at(-1)?.seq !== seq) return { state: 'dead', error: `Incident ${incidentId} has no event ${seq}.` };
  const items = announcedIn(configOf(engine, tenant), incident, events);
  if (items.length === 0) return { state: 'sent' };
  const decide = (loaded: Decidable): Decided<void> => ({ change: enqueued(items, loaded), answer: () => undefined });
  // All of a tenant write one document: those of this process wait for each other.
  await transact(engine, { tenant, documents: [QUEUE] }, decide, [ANNOUNCEMENTS]);
  return { state: 'sent' };
}
