/**
 * Pruning: what has ended is forgotten with everything that belongs to it.
 *
 * It never touches a row that still has work.
 */
import {
  type AlertRecord,
  type DeliveryRecord,
  type IncidentRecord,
  keyOf,
  ofIncident,
  ofNoIncident,
  ofTenant,
  type Store,
  timerKey,
} from './store.ts';
import { firstOf } from './table.ts';

/** What is forgotten, and how much of it at once. */
export type PruneOptions = { readonly endedBefore?: number; readonly limit: number };

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const ENDED: readonly string[] = ['closed', 'dismissed', 'merged'];

/** Forgets what a tenant needs no more; answers how many incidents went. */
export function pruneStore(store: Store, tenant: string, { endedBefore, limit }: PruneOptions): number {
  const now = store.now();
  for (const { collection, id, expiresAt } of [...store.documents.of(ofTenant(tenant))]) {
    if (expiresAt <= now) store.documents.delete(keyOf(tenant, collection, id));
  }
  for (const { slot } of [...store.slots.of(ofTenant(tenant))]) {
    const { kind, key, until = now } = slot;
    if (until < now - WEEK) store.slots.delete(keyOf(tenant, kind, key));
  }
  for (const { commitId, at } of [...store.commits.of(ofTenant(tenant))]) {
    if (at < now - DAY) store.commits.delete(keyOf(tenant, commitId));
  }
  if (endedBefore === undefined) return 0;
  const ended = [...store.incidents.of(ofTenant(tenant))]
    .filter((row) => ENDED.includes(row.phase) && row.lastAt < endedBefore && !hasWork(store, row))
    .slice(0, limit);
  for (const { id } of ended) forget(store, tenant, id);
  forgetAlerts(store, tenant, { endedBefore, limit });
  forgetDeliveries(store, tenant, { endedBefore, limit });
  return ended.length;
}

/** Forgets alerts that belong to no incident, with which they would go, those that cleared first at the front. */
function forgetAlerts(store: Store, tenant: string, { endedBefore, limit }: Required<PruneOptions>): void {
  const clearedAt = ({ alert }: AlertRecord) =>
    alert.status === 'cleared' ? (alert.clearedAt ?? endedBefore) : endedBefore;
  const cleared = [...store.alerts.of(ofNoIncident(tenant))].filter((row) => clearedAt(row) < endedBefore);
  for (const { alert } of firstOf(cleared, limit, (a, b) => clearedAt(a) - clearedAt(b))) {
    store.alerts.delete(keyOf(tenant, alert.id));
  }
}

/** Forgets deliveries that belong to no incident and have ended, those that were requested first at the front. */
function forgetDeliveries(store: Store, tenant: string, { endedBefore, limit }: Required<PruneOptions>): void {
  const ended = [...store.deliveries.of(ofNoIncident(tenant))].filter(
    (row) => row.delivery.requestedAt < endedBefore && !isAtWork(row, store.now()),
  );
  const first = firstOf(ended, limit, (a, b) => a.delivery.requestedAt - b.delivery.requestedAt);
  for (const { delivery } of first) store.deliveries.delete(keyOf(tenant, delivery.id));
}

function hasWork(store: Store, { tenant, id }: IncidentRecord): boolean {
  for (const _ of store.timers.of(ofIncident(tenant, id))) return true;
  for (const row of store.deliveries.of(ofIncident(tenant, id))) if (isAtWork(row, store.now())) return true;
  return false;
}

/** One that was taken back while it was on the wire may still be settled. */
function isAtWork({ delivery, leasedUntil }: DeliveryRecord, now: number): boolean {
  return delivery.state === 'pending' || delivery.state === 'leased' || leasedUntil > now;
}

function forget(store: Store, tenant: string, id: string): void {
  for (const { timer } of [...store.timers.of(ofIncident(tenant, id))]) store.timers.delete(timerKey(timer));
  for (const { alert } of [...store.alerts.of(ofIncident(tenant, id))]) store.alerts.delete(keyOf(tenant, alert.id));
  for (const { delivery } of [...store.deliveries.of(ofIncident(tenant, id))]) {
    store.deliveries.delete(keyOf(tenant, delivery.id));
  }
  store.incidents.delete(keyOf(tenant, id));
}
