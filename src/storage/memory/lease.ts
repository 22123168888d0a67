/**
 * Leases: due rows are lent to one caller at a time, by the clock of the store.
 *
 * Only rows that still have work are gone through; what has ended costs nothing.
 */
import { type ReceiptNews, receivedDelivery, type StoredDelivery, settledDelivery } from '../../model/delivery.ts';
import type {
  ClaimedDelivery,
  ClaimQuery,
  DeliveryClaimQuery,
  DeliveryOutcome,
  Figures,
  StoredTimer,
} from '../../ports/storage.ts';
import {
  copied,
  type DeliveryRecord,
  deliveryReadyAt,
  keyOf,
  ofIncident,
  ofTenant,
  ofWork,
  type Store,
  type TimerRecord,
  timerKey,
  timerReadyAt,
} from './store.ts';
import { firstOf } from './table.ts';

/** Lends timers that are due, what became free first at the front. */
export function claimTimers(store: Store, { tenants, limit, leaseMs }: ClaimQuery) {
  const now = store.now();
  const due = [...new Set(tenants)].flatMap((owner) => store.timers.due({ owner, now, limit }));
  const rows = firstOf(due, limit, (a, b) => timerReadyAt(a) - timerReadyAt(b) || a.timer.dueAt - b.timer.dueAt);
  for (const { timer } of rows) store.timers.set(timerKey(timer), { timer, leasedUntil: now + leaseMs });
  return { now, timers: copied(rows.map(({ timer }) => timer)) };
}

/** Removes a timer unless it was armed anew. */
export function dropTimer(store: Store, timer: StoredTimer): void {
  const row = store.timers.get(timerKey(timer));
  if (row?.timer.armedSeq === timer.armedSeq) store.timers.delete(timerKey(timer));
}

/** Lends deliveries that are due, what became free first at the front. */
export function claimDeliveries(store: Store, { tenants, limit, leaseMs, except = [] }: DeliveryClaimQuery) {
  const now = store.now();
  const due = [...new Set(tenants)].flatMap((owner) => store.deliveries.due({ owner, now, limit, except }));
  const rows = firstOf(
    due,
    limit,
    (a, b) => deliveryReadyAt(a) - deliveryReadyAt(b) || a.delivery.dueAt - b.delivery.dueAt,
  );
  const deliveries = rows.map((row): ClaimedDelivery => {
    const { attempts, state } = row.delivery;
    const delivery = { ...row.delivery, state: 'leased', attempts: attempts + 1 } as const;
    const token = row.token + 1;
    keep(store, { delivery, token, leasedUntil: now + leaseMs });
    return { delivery, token, isReclaimed: state === 'leased' };
  });
  return { now, deliveries: copied(deliveries) };
}

/** Makes the lease of whoever has the token longer. */
export function extendDelivery(store: Store, row: DeliveryRecord | undefined, token: number, leaseMs: number): boolean {
  if (row?.token !== token || row.delivery.state !== 'leased') return false;
  keep(store, { ...row, leasedUntil: Math.max(row.leasedUntil, store.now() + leaseMs) });
  return true;
}

/** Ends the lease of whoever has the token. */
export function settleDelivery(
  store: Store,
  row: DeliveryRecord | undefined,
  token: number,
  outcome: DeliveryOutcome,
): StoredDelivery | undefined {
  if (row?.token !== token || row.leasedUntil === 0) return undefined;
  const delivery = settledDelivery(row.delivery, outcome, store.now());
  keep(store, { ...row, delivery, leasedUntil: 0 });
  return copied(delivery);
}

/** Keeps what a provider tells of a delivery. */
export function receiveDelivery(
  store: Store,
  row: DeliveryRecord | undefined,
  news: ReceiptNews,
): StoredDelivery | undefined {
  const delivery = row && receivedDelivery(row.delivery, news, store.now());
  if (row === undefined || delivery === undefined) return undefined;
  keep(store, { ...row, delivery });
  return copied(delivery);
}

/** Makes the next delivery of a page to a person due now. */
export function hasten(store: Store, tenant: string, incidentId: string, page: number, user: string): boolean {
  const waiting = [...store.deliveries.of(ofIncident(tenant, incidentId))].filter(
    ({ delivery }) => delivery.page === page && delivery.user === user && delivery.state === 'pending',
  );
  const hasFailed = ({ delivery }: DeliveryRecord) => Number(delivery.error !== undefined);
  const [next] = firstOf(waiting, 1, (a, b) => hasFailed(a) - hasFailed(b) || a.delivery.dueAt - b.delivery.dueAt);
  if (next === undefined) return false;
  const dueAt = Math.min(next.delivery.dueAt, store.now());
  keep(store, { ...next, delivery: { ...next.delivery, dueAt } });
  return true;
}

/** Puts a dead delivery back to work, its attempts forgotten. */
export function revive(store: Store, row: DeliveryRecord | undefined): boolean {
  if (row?.delivery.state !== 'dead') return false;
  keep(store, { ...row, delivery: { ...row.delivery, state: 'pending', dueAt: store.now(), attempts: 0 } });
  return true;
}

/** The first moment at which a row is due, or its lease ends. */
export function nextDue(store: Store, tenants: readonly string[]): number | undefined {
  const firsts = tenants.flatMap((tenant) =>
    [store.timers.nextDue(tenant), store.deliveries.nextDue(tenant)].filter((at) => at !== undefined),
  );
  return firsts.length === 0 ? undefined : Math.min(...firsts);
}

/** How much work is left. */
export function figures(store: Store, tenants: readonly string[]): Figures {
  const now = store.now();
  const timers = dueTimers(store, tenants, now);
  const deliveries = dueDeliveries(store, tenants, now);
  const deliveriesOf = (work: 'live' | 'dead') =>
    rowsOf(
      tenants,
      (tenant) => store.deliveries.of(ofWork(tenant, work)),
      () => true,
    );
  // Also what is in somebody's hands: a row that fails again and again is late all the same.
  const armed = rowsOf(
    tenants,
    (tenant) => store.timers.of(ofTenant(tenant)),
    () => true,
  );
  const dues = [
    ...armed.map(({ timer }) => timer.dueAt),
    ...deliveriesOf('live').flatMap(({ delivery }) => (delivery.purpose === 'announcement' ? [] : [delivery.dueAt])),
  ];
  const oldest = dues.reduce((first, dueAt) => Math.min(first, dueAt), Number.POSITIVE_INFINITY);
  return {
    now,
    oldestDueAt: oldest <= now ? oldest : undefined,
    dueTimers: timers.length,
    dueDeliveries: deliveries.length,
    leasedDeliveries: deliveriesOf('live').filter(({ leasedUntil }) => leasedUntil > now).length,
    deadDeliveries: deliveriesOf('dead').filter(
      ({ delivery: { purpose } }) => purpose !== 'update' && purpose !== 'follow',
    ).length,
    missedWakeUps: 0,
  };
}

function dueTimers(store: Store, tenants: readonly string[], now: number): TimerRecord[] {
  return rowsOf(
    tenants,
    (tenant) => store.timers.of(ofTenant(tenant)),
    (row) => timerReadyAt(row) <= now,
  );
}

function dueDeliveries(store: Store, tenants: readonly string[], now: number): DeliveryRecord[] {
  return rowsOf(
    tenants,
    (tenant) => store.deliveries.of(ofWork(tenant, 'live')),
    (row) => deliveryReadyAt(row) <= now,
  );
}

/** The rows of each tenant that are wanted, found in one pass: a claim looks at every row that has work. */
function rowsOf<Row>(
  tenants: readonly string[],
  of: (tenant: string) => Iterable<Row>,
  isWanted: (row: Row) => boolean,
) {
  const rows: Row[] = [];
  for (const tenant of new Set(tenants)) for (const row of of(tenant)) if (isWanted(row)) rows.push(row);
  return rows;
}

function keep(store: Store, row: DeliveryRecord): void {
  store.deliveries.set(keyOf(row.delivery.tenant, row.delivery.id), row);
}
