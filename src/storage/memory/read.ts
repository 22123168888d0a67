/**
 * Reading: what is stored, as copies, in the order that lists promise.
 *
 * It writes nothing, and never goes through the rows of another tenant.
 */
import type { StoredAlert } from '../../model/alert.ts';
import type { StoredDelivery } from '../../model/delivery.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import {
  type AlertFilter,
  type AlertKey,
  type DeliveryFilter,
  type DocumentFilter,
  type IncidentFilter,
  type IncidentRow,
  incidentCursor,
  type Loaded,
  type LoadQuery,
  readIncidentCursor,
  type StoredDocument,
} from '../../ports/storage.ts';
import {
  type AlertRecord,
  copied,
  type DeliveryRecord,
  type DocumentRecord,
  type IncidentRecord,
  keyOf,
  liveDocument,
  ofAlertKey,
  ofCollection,
  ofExternal,
  ofIncident,
  ofTenant,
  type Store,
} from './store.ts';
import { firstOf } from './table.ts';

/** What a decision begins with. */
export function loadRows(store: Store, query: LoadQuery): Loaded {
  const { tenant, incidents = [], alertKeys = [], documents = [], slots = [], counters = [] } = query;
  const alerts = alertKeys.map((key) => latestAlert(store, tenant, key)).filter((alert) => alert !== undefined);
  const ids = new Set([...incidents, ...alerts.flatMap(({ incidentId }) => incidentId ?? [])]);
  return {
    now: store.now(),
    incidents: [...ids].flatMap((id) => store.incidents.get(keyOf(tenant, id)) ?? []).map(incidentRow),
    alerts: copied(alerts),
    documents: documents
      .flatMap(({ collection, id }) => liveDocument(store, keyOf(tenant, collection, id)) ?? [])
      .map(storedDocument),
    slots: copied(slots.flatMap(({ kind, key }) => store.slots.get(keyOf(tenant, kind, key))?.slot ?? [])),
    counters: counters.flatMap(({ collection, id }) => {
      const value = store.counters.get(keyOf(tenant, collection, id));
      return value === undefined ? [] : [{ collection, id, value }];
    }),
  };
}

/** Every event of an incident, in order. */
export function readTimeline(store: Store, tenant: string, incidentId: string): readonly TimelineEvent[] {
  return JSON.parse(`[${store.incidents.get(keyOf(tenant, incidentId))?.timeline ?? ''}]`);
}

/** Incidents, the newest first. */
export function listIncidents(
  store: Store,
  tenant: string,
  { phases, service, severity, limit = 100, cursor }: IncidentFilter,
): { readonly items: readonly IncidentRow[]; readonly next?: string } {
  const after = cursor === undefined ? undefined : readIncidentCursor(cursor);
  const wanted = [...store.incidents.of(ofTenant(tenant))].filter(
    (row) =>
      (phases?.includes(row.phase) ?? true) &&
      (service ?? row.service) === row.service &&
      (severity ?? row.severity) === row.severity &&
      (after === undefined || newestFirst(after, row) < 0),
  );
  const found = firstOf(wanted, limit + 1, newestFirst);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(incidentRow),
    ...(last !== undefined && found.length > limit && { next: incidentCursor(last) }),
  };
}

/** Alerts, the newest first. */
export function listAlerts(store: Store, tenant: string, filter: AlertFilter): readonly StoredAlert[] {
  const { id, incidentId, status, service, limit = 100 } = filter;
  const group = incidentId === undefined ? ofTenant(tenant) : ofIncident(tenant, incidentId);
  const wanted = [...store.alerts.of(group)].filter(
    ({ alert }) =>
      (id ?? alert.id) === alert.id &&
      (status ?? alert.status) === alert.status &&
      (service ?? alert.service) === alert.service,
  );
  const order = (a: AlertRecord, b: AlertRecord) => b.alert.openedAt - a.alert.openedAt || b.place - a.place;
  return copied(firstOf(wanted, limit, order).map(({ alert }) => alert));
}

/** Deliveries in the order in which they were requested. */
export function listDeliveries(store: Store, tenant: string, filter: DeliveryFilter): readonly StoredDelivery[] {
  const { page, state, limit = 1_000 } = filter;
  const wanted = deliveriesFor(store, tenant, filter)
    .map(({ delivery }) => delivery)
    .filter((delivery) => (page ?? delivery.page) === delivery.page && (state ?? delivery.state) === delivery.state);
  const order = (a: StoredDelivery, b: StoredDelivery) =>
    a.requestedAt - b.requestedAt || a.page - b.page || a.dueAt - b.dueAt || byText(a.id, b.id);
  return copied(firstOf(wanted, limit, order));
}

function deliveriesFor(
  store: Store,
  tenant: string,
  { id, externalId, incidentId, user }: DeliveryFilter,
): readonly DeliveryRecord[] {
  const isWanted = ({ delivery }: DeliveryRecord) =>
    (id ?? delivery.id) === delivery.id &&
    (externalId ?? delivery.externalId) === delivery.externalId &&
    (incidentId ?? delivery.incidentId) === delivery.incidentId &&
    (user ?? delivery.user) === delivery.user;
  if (id !== undefined) return [store.deliveries.get(keyOf(tenant, id)) ?? []].flat().filter(isWanted);
  const group =
    externalId !== undefined
      ? ofExternal(tenant, externalId)
      : incidentId === undefined
        ? ofTenant(tenant)
        : ofIncident(tenant, incidentId);
  return [...store.deliveries.of(group)].filter(isWanted);
}

/** The documents of a collection by their id. */
export function listDocuments(
  store: Store,
  tenant: string,
  { collection, limit = 100, after }: DocumentFilter,
): readonly StoredDocument[] {
  const wanted = liveDocuments(store, tenant, collection).filter(({ id }) => after === undefined || id > after);
  return firstOf(wanted, limit, (a, b) => byText(a.id, b.id)).map(storedDocument);
}

/** The documents of a collection that have not expired. */
export function liveDocuments(store: Store, tenant: string, collection: string): readonly DocumentRecord[] {
  const now = store.now();
  return [...store.documents.of(ofCollection(tenant, collection))].filter(({ expiresAt }) => expiresAt > now);
}

/** The alert that is open, or else the one that was opened last. */
function latestAlert(store: Store, tenant: string, { routeKey, dedupKey }: AlertKey): StoredAlert | undefined {
  const isOpen = ({ alert }: AlertRecord) => Number(alert.status !== 'cleared');
  const rows = store.alerts.of(ofAlertKey(tenant, routeKey, dedupKey));
  return firstOf(rows, 1, (a, b) => isOpen(b) - isOpen(a) || b.place - a.place)[0]?.alert;
}

function incidentRow({ tenant, id, version, snapshot }: IncidentRecord): IncidentRow {
  return { tenant, id, version, snapshot: JSON.parse(snapshot) };
}

function storedDocument({ collection, id, version, data }: DocumentRecord): StoredDocument {
  return { collection, id, version, data: JSON.parse(data) };
}

type Opened = { readonly id: string; readonly openedAt: number };

function newestFirst(a: Opened, b: Opened): number {
  return b.openedAt - a.openedAt || byText(b.id, a.id);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
