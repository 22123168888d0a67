/**
 * Writing: one change, all of it or nothing.
 *
 * Its parts are written in their order and taken back when one of them meets a conflict; it never looks ahead.
 */
import { type AlertChange, changedAlert, type StoredAlert } from '../../model/alert.ts';
import type { StoredDelivery } from '../../model/delivery.ts';
import type {
  Change,
  CommitResult,
  CounterChange,
  DocumentChange,
  IncidentChange,
  SlotChange,
  TimerChange,
  WithdrawalChange,
} from '../../ports/storage.ts';
import { keyOf, liveDocument, ofAlertKey, ofIncident, type Store, timerKey } from './store.ts';

/** Writes a change whose JSON is ours to keep, unless it was written before. */
export function writeChange(store: Store, change: Change): CommitResult {
  const { tenant, commitId } = change;
  if (store.commits.get(keyOf(tenant, commitId)) !== undefined) return 'applied';
  const isApplied = store.journal.attempt(() => {
    if (!isWritten(store, change)) return false;
    store.commits.set(keyOf(tenant, commitId), { tenant, commitId, at: store.now() });
    return true;
  });
  return isApplied ? 'applied' : 'conflict';
}

/** `false` at the first conflict. */
function isWritten(store: Store, change: Change): boolean {
  const { tenant } = change;
  if (!change.incidents.every((part) => writeIncident(store, tenant, part))) return false;
  if (!change.alerts.every((part) => writeAlert(store, tenant, part))) return false;
  for (const part of change.timers) writeTimer(store, tenant, part);
  for (const part of change.withdrawals) withdraw(store, tenant, part);
  if (!change.deliveries.every((part) => writeDelivery(store, tenant, part))) return false;
  if (!change.documents.every((part) => writeDocument(store, tenant, part))) return false;
  if (!change.slots.every((part) => writeSlot(store, tenant, part))) return false;
  for (const part of change.counters) count(store, tenant, part);
  return true;
}

function writeDelivery(store: Store, tenant: string, given: StoredDelivery): boolean {
  const key = keyOf(tenant, given.id);
  if (store.deliveries.get(key) !== undefined) return false;
  store.deliveries.set(key, { delivery: { ...given, tenant }, token: 0, leasedUntil: 0 });
  return true;
}

function writeIncident(store: Store, tenant: string, change: IncidentChange): boolean {
  const { id, expectedVersion, snapshot, events } = change;
  const before = store.incidents.get(keyOf(tenant, id));
  if ((before?.version ?? 0) !== expectedVersion) return false;
  let lastSeq = before?.lastSeq ?? 0;
  for (const { seq } of events) {
    if (seq <= lastSeq) return false;
    lastSeq = seq;
  }
  const { context, value } = snapshot;
  const texts = events.map((event) => JSON.stringify(event)).join();
  const timeline = [before?.timeline ?? '', texts].filter((text) => text !== '').join();
  store.incidents.set(keyOf(tenant, id), {
    tenant,
    id,
    version: expectedVersion + 1,
    lastSeq,
    snapshot: JSON.stringify(snapshot),
    phase: value.phase,
    service: context.service,
    severity: context.severity,
    openedAt: context.times.openedAt,
    timeline,
    lastAt: events.at(-1)?.at ?? before?.lastAt ?? 0,
  });
  return true;
}

function writeAlert(store: Store, tenant: string, change: AlertChange): boolean {
  if (change.type === 'open') return keepAlert(store, { ...change.alert, tenant }, store.nextPlace());
  const row = store.alerts.get(keyOf(tenant, change.id));
  if (change.type === 'repeat' && (row?.alert.status ?? 'cleared') === 'cleared') return false;
  return row === undefined || keepAlert(store, changedAlert(row.alert, change), row.place);
}

/** Refuses a second open alert of one key. An incident without a name is none. */
function keepAlert(store: Store, { incidentId, ...rest }: StoredAlert, place: number): boolean {
  const alert: StoredAlert = incidentId ? { ...rest, incidentId } : rest;
  const { tenant, id, routeKey, dedupKey } = alert;
  if (alert.status !== 'cleared') {
    for (const { alert: other } of store.alerts.of(ofAlertKey(tenant, routeKey, dedupKey))) {
      if (other.id !== id && other.status !== 'cleared') return false;
    }
  }
  store.alerts.set(keyOf(tenant, id), { alert, place });
  return true;
}

function writeTimer(store: Store, tenant: string, change: TimerChange): void {
  const row = timerKey({ tenant, ...change });
  if (change.type === 'cancel') {
    store.timers.delete(row);
  } else {
    const { type, ...timer } = change;
    store.timers.set(row, { timer: { ...timer, tenant }, leasedUntil: 0 });
  }
}

function withdraw(store: Store, tenant: string, { incidentId, beforePage, only, because }: WithdrawalChange): void {
  const wanted = [...store.deliveries.of(ofIncident(tenant, incidentId))].filter(
    ({ delivery: { page, state, purpose, user } }) =>
      page < beforePage &&
      (state === 'pending' || state === 'leased') &&
      (only === undefined || (purpose === only.purpose && (only.user ?? user) === user)),
  );
  for (const row of wanted) {
    const delivery = { ...row.delivery, state: 'withdrawn', withdrawnBecause: because } as const;
    store.deliveries.set(keyOf(tenant, delivery.id), { ...row, delivery });
  }
}

function writeDocument(store: Store, tenant: string, change: DocumentChange): boolean {
  const { collection, id, expectedVersion, data, expiresAt = Number.POSITIVE_INFINITY } = change;
  const key = keyOf(tenant, collection, id);
  if ((liveDocument(store, key)?.version ?? 0) !== expectedVersion) return false;
  const row = { tenant, collection, id, version: expectedVersion + 1, expiresAt };
  if (data === undefined) store.documents.delete(key);
  else store.documents.set(key, { ...row, data: JSON.stringify(data) });
  return true;
}

function writeSlot(store: Store, tenant: string, change: SlotChange): boolean {
  const { kind, key, expectedVersion, owner, until } = change;
  const row = keyOf(tenant, kind, key);
  if ((store.slots.get(row)?.slot.version ?? 0) !== expectedVersion) return false;
  if (owner === undefined) store.slots.delete(row);
  else {
    const slot = { kind, key, owner, version: expectedVersion + 1, ...(until !== undefined && { until }) };
    store.slots.set(row, { tenant, slot });
  }
  return true;
}

function count(store: Store, tenant: string, { collection, id, add }: CounterChange): void {
  const key = keyOf(tenant, collection, id);
  store.counters.set(key, (store.counters.get(key) ?? 0) + add);
}
