/**
 * The store: the tables of a memory storage, and the groups in which their rows are found.
 *
 * A document as large as an incident or a timeline is kept as JSON text; it is never handed out without being parsed
 * anew, so that nobody holds what is stored.
 */
import type { StoredAlert } from '../../model/alert.ts';
import type { StoredDelivery } from '../../model/delivery.ts';
import type { StoredSlot, StoredTimer } from '../../ports/storage.ts';
import type { Due } from './due-index.ts';
import { createJournal, createTable, type Journal, type Table } from './table.ts';

/** An incident with what lists filter by, and its timeline as JSON texts with commas between. */
export type IncidentRecord = {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  readonly snapshot: string;
  readonly phase: string;
  readonly service: string;
  readonly severity: string;
  readonly openedAt: number;
  /** The highest number of its events. */
  readonly lastSeq: number;
  readonly timeline: string;
  /** Epoch ms of the last event. */
  readonly lastAt: number;
};

/** An alert with its place in the order in which alerts were opened. */
export type AlertRecord = { readonly alert: StoredAlert; readonly place: number };
/** A timer that nobody is handed before `leasedUntil`. */
export type TimerRecord = { readonly timer: StoredTimer; readonly leasedUntil: number };
/** A delivery that whoever has `token` holds until `leasedUntil`; 0 when nobody does. */
export type DeliveryRecord = {
  readonly delivery: StoredDelivery;
  readonly token: number;
  readonly leasedUntil: number;
};
/** A document as JSON text. */
export type DocumentRecord = {
  readonly tenant: string;
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly data: string;
  readonly expiresAt: number;
};
/** When a change was applied. */
export type CommitRecord = { readonly tenant: string; readonly commitId: string; readonly at: number };

/** Everything that a memory storage keeps. */
export type Store = {
  readonly journal: Journal;
  now(): number;
  /** Grows with every alert that is opened. */
  nextPlace(): number;
  readonly commits: Table<CommitRecord>;
  readonly incidents: Table<IncidentRecord>;
  readonly alerts: Table<AlertRecord>;
  readonly timers: Table<TimerRecord>;
  readonly deliveries: Table<DeliveryRecord>;
  readonly documents: Table<DocumentRecord>;
  readonly slots: Table<SlotRecord>;
  readonly counters: Table<number>;
};

/** A slot, and whose it is. */
export type SlotRecord = { readonly tenant: string; readonly slot: StoredSlot };

/** One text for several names, which no other names give. */
export const keyOf = (...names: readonly string[]): string => JSON.stringify(names);

/** The key of a timer: its owner has one of each kind. */
export const timerKey = (timer: Pick<StoredTimer, 'tenant' | 'ownerKind' | 'ownerId' | 'kind'>): string =>
  keyOf(timer.tenant, timer.ownerKind, timer.ownerId, timer.kind);

/** The group of what belongs to an incident. */
export const ofIncident = (tenant: string, incidentId: string): string => keyOf('incident', tenant, incidentId);
/** The group of a tenant's alerts or deliveries that belong to no incident. */
export const ofNoIncident = (tenant: string): string => keyOf('no incident', tenant);
/** The group of the alerts of one key. */
export const ofAlertKey = (tenant: string, routeKey: string, dedupKey: string): string =>
  keyOf('key', tenant, routeKey, dedupKey);
/** The group of the deliveries that a provider calls so. */
export const ofExternal = (tenant: string, externalId: string): string => keyOf('external', tenant, externalId);
/** The group of a tenant's deliveries that still have work, or that are dead. */
export const ofWork = (tenant: string, work: 'live' | 'dead'): string => keyOf(work, tenant);
/** The group of a tenant's documents of one collection. */
export const ofCollection = (tenant: string, collection: string): string => keyOf('collection', tenant, collection);
/** The group of everything of a tenant. */
export const ofTenant = (tenant: string): string => keyOf('tenant', tenant);

/** An empty store whose time is that of `clock`. */
export function createStore(clock: { now(): number }): Store {
  const journal = createJournal();
  let places = 0;
  return {
    journal,
    now: () => clock.now(),
    nextPlace: () => ++places,
    commits: createTable<CommitRecord>(journal, ({ tenant }) => [ofTenant(tenant)]),
    incidents: createTable<IncidentRecord>(journal, ({ tenant }) => [ofTenant(tenant)]),
    alerts: createTable<AlertRecord>(journal, ({ alert: { tenant, incidentId, routeKey, dedupKey } }) => [
      ofTenant(tenant),
      incidentId === undefined ? ofNoIncident(tenant) : ofIncident(tenant, incidentId),
      ofAlertKey(tenant, routeKey, dedupKey),
    ]),
    timers: createTable<TimerRecord>(
      journal,
      ({ timer: { tenant, ownerKind, ownerId } }) => [
        ofTenant(tenant),
        ...(ownerKind === 'incident' ? [ofIncident(tenant, ownerId)] : []),
      ],
      (row) => ({ owner: row.timer.tenant, queue: '', at: timerReadyAt(row), after: row.timer.dueAt }),
    ),
    deliveries: createTable<DeliveryRecord>(
      journal,
      ({ delivery: { tenant, incidentId, externalId, state } }) => [
        ofTenant(tenant),
        incidentId === undefined ? ofNoIncident(tenant) : ofIncident(tenant, incidentId),
        ...(externalId === undefined ? [] : [ofExternal(tenant, externalId)]),
        ...(state === 'pending' || state === 'leased' ? [ofWork(tenant, 'live')] : []),
        ...(state === 'dead' ? [ofWork(tenant, 'dead')] : []),
      ],
      dueDelivery,
    ),
    documents: createTable<DocumentRecord>(journal, ({ tenant, collection }) => [
      ofTenant(tenant),
      ofCollection(tenant, collection),
    ]),
    slots: createTable<SlotRecord>(journal, ({ tenant }) => [ofTenant(tenant)]),
    counters: createTable<number>(journal, () => []),
  };
}

/** When a timer can be handed out. */
export const timerReadyAt = ({ timer, leasedUntil }: TimerRecord): number => Math.max(timer.dueAt, leasedUntil);

/** When a delivery can be handed out: a row whose lease has run out is as good as pending. */
export const deliveryReadyAt = ({ delivery, leasedUntil }: DeliveryRecord): number =>
  delivery.state === 'leased' ? leasedUntil : delivery.dueAt;

function dueDelivery(row: DeliveryRecord): Due | undefined {
  const { tenant, notifier, state, dueAt } = row.delivery;
  const isLive = state === 'pending' || state === 'leased';
  return isLive ? { owner: tenant, queue: notifier, at: deliveryReadyAt(row), after: dueAt } : undefined;
}

/** The document unless it has expired: then it is as if it had never been. */
export function liveDocument(store: Store, key: string): DocumentRecord | undefined {
  const row = store.documents.get(key);
  return row !== undefined && row.expiresAt > store.now() ? row : undefined;
}

/** A copy, of which everything is left out that JSON leaves out. */
export function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
