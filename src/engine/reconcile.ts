/**
 * Reconcile: tells the storage, once it is back, of a page that was sent without it.
 *
 * The event that was paged about is taken in if nobody has done so since, so that the incident exists; its timeline says who was
 * paged, and the delivery is stored under the key that it was sent with. It may be done again.
 */

import { keyOf } from '../core/intake/decision.ts';
import { routeEvent } from '../core/intake/routed.ts';
import { canAccept } from '../core/lifecycle/allowed.ts';
import type { AlertEvent, StoredAlert } from '../model/alert.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { changeOf, NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { ingestEvents, takeEvent } from './ingest.ts';
import { settleFor } from './settle-for.ts';
import { configOf } from './tenant-config.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** A page that was sent without the storage. Moments are epoch ms, by the clock of this process. */
export type EmergencyPage = {
  readonly tenant: string;
  readonly event: AlertEvent;
  /** When the event came. */
  readonly at: number;
  readonly delivery: StoredDelivery;
  /** When the channel took it; `undefined` when it did not: then it is sent by the engine. */
  readonly sentAt: number | undefined;
};

/** Stores what became of `page`. */
export async function reconcile(engine: Engine, page: EmergencyPage): Promise<void> {
  const { tenant, delivery } = page;
  const incidentId = await incidentOf(engine, page);
  const [known] = await reaching(() => engine.storage.listDeliveries(tenant, { id: delivery.id, limit: 1 }));
  // Another process, or this one before its answer was lost, has stored it.
  if (known !== undefined) return;
  const incidents = incidentId === undefined ? [] : [incidentId];
  await transact(engine, { tenant, incidents }, (loaded): Decided<void> => {
    const before = loaded.incidents.find(({ id }) => id === incidentId);
    const users = delivery.user === undefined ? [] : [delivery.user];
    const pagedAt = page.sentAt ?? delivery.requestedAt;
    const draft: EventDraft = { type: 'emergency.paged', users, notifier: delivery.notifier, pagedAt };
    const answer = () => undefined;
    if (before === undefined || !canAccept(before.snapshot, draft)) {
      return { change: { ...NO_CHANGE, deliveries: [storedAs(page, { now: loaded.now })] }, answer };
    }
    const settled = settleFor(loaded, { snapshot: before.snapshot, drafts: [draft], at: loaded.now, by: SYSTEM });
    const change = changeOf(tenant, before, settled);
    const { seq } = settled.snapshot;
    const stored = storedAs(page, { incidentId: before.id, seq, now: loaded.now });
    return { change: { ...change, deliveries: [...change.deliveries, stored] }, answer };
  });
  engine.stored(0);
}

type Belonging = { readonly incidentId?: string; readonly seq?: number; readonly now: number };

function storedAs({ delivery, sentAt }: EmergencyPage, { incidentId, seq = 0, now }: Belonging): StoredDelivery {
  return {
    ...delivery,
    ...(incidentId !== undefined && { incidentId }),
    page: seq,
    ...(sentAt === undefined ? { dueAt: now } : { state: 'sent', sentAt, attempts: 1 }),
  };
}

/** The incident that the event belongs to; it is taken in if no source has sent it again since. */
async function incidentOf(engine: Engine, { tenant, event, at }: EmergencyPage): Promise<string | undefined> {
  const routed = routeEvent(takeEvent(event), configOf(engine, tenant), engine.clock.now());
  const { alerts } = await reaching(() => engine.storage.load({ tenant, alertKeys: [keyOf(routed)] }));
  const alert = alerts[0];
  if (alert !== undefined && isSince(alert, at)) return alert.incidentId;
  const [result] = await ingestEvents(engine, tenant, [event], {});
  return result?.incidentId;
}

/** Whether the source has spoken of it since: fired again, or said that it is over. */
function isSince({ status, lastSeenAt, clearedAt }: StoredAlert, at: number): boolean {
  return status !== 'cleared' || Math.max(lastSeenAt, clearedAt ?? 0) >= at;
}
