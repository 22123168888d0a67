/**
 * Rows of changes: a change as rows of the tables, before it is said with which others it goes.
 *
 * Everything that people wrote is a body or a cell; Postgres never looks into a body.
 */
import type { AlertChange } from '../../model/alert.ts';
import type { StoredDelivery } from '../../model/delivery.ts';
import type {
  Change,
  DocumentChange,
  IncidentChange,
  SlotChange,
  TimerChange,
  WithdrawalChange,
} from '../../ports/storage.ts';
import { cell, hashOf, type Row } from './cells.ts';
import type { Order } from './stages.ts';

/** One row of a change: of which list, its place there, and what it must come after. */
export type ChangedRow = {
  readonly list: string;
  readonly row: Row;
  /** The same in every process, so that locks are taken in one order. */
  readonly by: string;
  readonly orders: readonly Order[];
};

/** A change as rows; nothing in it is the caller's any more. */
export type PreparedChange = {
  readonly commit: { readonly tenant: string; readonly id: string };
  readonly rows: readonly ChangedRow[];
  /** What is added to counters. */
  readonly counts: readonly CountRow[];
  /** When what should be woken: a key and a moment. */
  readonly wakes: readonly (readonly [key: string, due: number])[];
};

type CountRow = {
  readonly tenant: string;
  readonly collection: string;
  readonly id_hash: string;
  readonly id: string;
  readonly value: number;
};

/** The rows of a change. @throws TypeError for what is no JSON. */
export function prepared(change: Change): PreparedChange {
  const tenant = cell(change.tenant);
  return {
    commit: { tenant, id: cell(change.commitId) },
    rows: [
      ...change.incidents.flatMap((incident) => incidentRows(tenant, incident)),
      ...change.alerts.map((alert) => alertRow(tenant, alert)),
      ...change.timers.map((timer) => timerRow(tenant, timer)),
      // What belongs to no incident has the empty text as its incident, and is taken back by nobody.
      ...change.withdrawals
        .filter(({ incidentId }) => incidentId !== '')
        .map((withdrawal) => withdrawalRow(tenant, withdrawal)),
      ...change.deliveries.map((delivery) => deliveryRow(tenant, delivery)),
      ...change.documents.map((document) => documentRow(tenant, document)),
      ...change.slots.map((slot) => slotRow(tenant, slot)),
    ],
    counts: change.counters.map(({ collection, id, add }) => {
      return { tenant, collection: cell(collection), id_hash: hashOf(id), id: cell(id), value: add };
    }),
    wakes: wakesOf(tenant, change),
  };
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

function incidentRows(tenant: string, { id, expectedVersion, snapshot, events }: IncidentChange): ChangedRow[] {
  const { context, value } = snapshot;
  const name = cell(id);
  const row = {
    tenant,
    id: name,
    version: expectedVersion,
    phase: cell(value.phase),
    service: cell(context.service),
    severity: cell(context.severity),
    opened_at: context.times.openedAt,
    last_at: events.at(-1)?.at,
    snapshot: JSON.stringify(snapshot),
  };
  const by = keyOf(tenant, name);
  const list = expectedVersion === 0 ? 'opened' : 'changed';
  return [
    { list, row, by, orders: [{ key: `incident:${by}`, rank: 0 }] },
    ...events.map((event) => {
      const body = JSON.stringify(event);
      return { list: 'events', row: { tenant, incident_id: name, seq: event.seq, body }, by: '', orders: [] };
    }),
  ];
}

/** In the order of the statements: what is changed, what is counted, what is opened. */
const ALERT_LISTS = { set: 'alertSets', return: 'alertReturns', repeat: 'alertRepeats', open: 'alertOpens' } as const;
const ALERT_RANKS = { set: 0, return: 2, repeat: 3, open: 4 } as const;

/** What may take a key goes after what may free one, though both are sets and stand in one list. */
function rankOf(change: AlertChange): number {
  const isOpening = change.type === 'set' && change.status !== undefined && change.status !== 'cleared';
  return isOpening ? 1 : ALERT_RANKS[change.type];
}

function alertRow(tenant: string, change: AlertChange): ChangedRow {
  const id = cell(change.type === 'open' ? change.alert.id : change.id);
  const rank = rankOf(change);
  const by = keyOf(tenant, id);
  return {
    list: ALERT_LISTS[change.type],
    row: { tenant, id, ...alertCells(tenant, change) },
    by: `${rank}${by}`,
    // Any of them may free the key that a later one needs.
    orders: [
      { key: `alerts:${tenant}`, rank, isShared: true },
      { key: `alert:${by}`, rank },
    ],
  };
}

function alertCells(tenant: string, change: AlertChange): Row {
  if (change.type === 'repeat' || change.type === 'return') {
    const seen = { seen_at: change.seenAt, occurred_at: change.occurredAt };
    return change.type === 'repeat'
      ? { times: change.times ?? 1, ...seen }
      : { severity: cell(change.severity), ...seen };
  }
  const alert = change.type === 'open' ? change.alert : change;
  const cells = {
    status: alert.status,
    severity: optional(alert.severity),
    incident_id: optional(alert.incidentId),
    cleared_at: alert.clearedAt,
  };
  if (change.type === 'set') return { ...cells, content: JSON.stringify(change.content) };
  const { routeKey, dedupKey, service, openedAt, lastSeenAt, occurredAt, count } = change.alert;
  return {
    ...cells,
    incident_id: cells.incident_id ?? '',
    service: cell(service),
    key_hash: hashOf(tenant, routeKey, dedupKey),
    opened_at: openedAt,
    last_seen_at: lastSeenAt,
    occurred_at: occurredAt,
    count,
    body: JSON.stringify(change.alert),
  };
}

function timerRow(tenant: string, timer: TimerChange): ChangedRow {
  const names = { owner_kind: cell(timer.ownerKind), owner_id: cell(timer.ownerId), kind: cell(timer.kind) };
  const by = keyOf(tenant, names.owner_kind, names.owner_id, names.kind);
  const key = `timer:${by}`;
  if (timer.type === 'cancel') return { list: 'cancelled', row: { tenant, ...names }, by, orders: [{ key, rank: 0 }] };
  const row = { tenant, ...names, armed_seq: timer.armedSeq, due_at: timer.dueAt };
  return { list: 'armed', row, by, orders: [{ key, rank: 1 }] };
}

function withdrawalRow(tenant: string, withdrawal: WithdrawalChange): ChangedRow {
  const { incidentId, beforePage, only, because } = withdrawal;
  const incident = cell(incidentId);
  const row = {
    tenant,
    incident_id: incident,
    before_page: beforePage,
    purpose: only?.purpose,
    user_id: only?.user === undefined ? undefined : cell(only.user),
    because: cell(because),
  };
  const by = keyOf(tenant, incident);
  return { list: 'withdrawals', row, by, orders: [{ key: `pages:${by}`, rank: 0 }] };
}

function deliveryRow(tenant: string, delivery: StoredDelivery): ChangedRow {
  const { page, state, requestedAt, dueAt, attempts, sentAt } = delivery;
  const [id, incident] = [cell(delivery.id), cell(delivery.incidentId ?? '')];
  const row = {
    tenant,
    id,
    incident_id: incident,
    page,
    purpose: delivery.purpose,
    user_id: optional(delivery.user),
    notifier: cell(delivery.notifier),
    state,
    requested_at: requestedAt,
    due_at: dueAt,
    attempts,
    sent_at: sentAt,
    external_id: optional(delivery.externalId),
    error: optional(delivery.error),
    withdrawn_because: optional(delivery.withdrawnBecause),
    body: JSON.stringify(delivery),
  };
  // What belongs to no incident has no withdrawal to come after.
  const orders = incident === '' ? [] : [{ key: `pages:${keyOf(tenant, incident)}`, rank: 1, isShared: true }];
  return { list: 'deliveries', row, by: keyOf(tenant, id), orders };
}

function documentRow(tenant: string, document: DocumentChange): ChangedRow {
  const { expectedVersion, data, expiresAt } = document;
  const [collection, hash] = [cell(document.collection), hashOf(document.id)];
  const by = keyOf(tenant, collection, hash);
  const row = { tenant, collection, id_hash: hash, version: expectedVersion };
  const values = { id: cell(document.id), data: JSON.stringify(data), expires_at: expiresAt };
  const list = `documents${versionedList(expectedVersion, data === undefined)}`;
  const orders = [{ key: `document:${by}`, rank: 0 }];
  return { list, row: data === undefined ? row : { ...row, ...values }, by, orders };
}

function slotRow(tenant: string, { kind, key, expectedVersion, owner, until }: SlotChange): ChangedRow {
  const [name, hash] = [cell(kind), hashOf(key)];
  const by = keyOf(tenant, name, hash);
  const row = { tenant, kind: name, key_hash: hash, version: expectedVersion };
  const values = { key: cell(key), owner: optional(owner), until };
  const list = `slots${versionedList(expectedVersion, owner === undefined)}`;
  const orders = [{ key: `slot:${by}`, rank: 0 }];
  return { list, row: owner === undefined ? row : { ...row, ...values }, by, orders };
}

function versionedList(expectedVersion: number, isRemoved: boolean): 'New' | 'Changed' | 'Removed' | 'Absent' {
  if (isRemoved) return expectedVersion === 0 ? 'Absent' : 'Removed';
  return expectedVersion === 0 ? 'New' : 'Changed';
}

function wakesOf(tenant: string, { timers, deliveries }: Change): (readonly [string, number])[] {
  const armed = timers.flatMap((timer) =>
    timer.type === 'arm'
      ? [[`t/${tenant}/${cell(timer.ownerKind)}/${cell(timer.ownerId)}/${cell(timer.kind)}`, timer.dueAt] as const]
      : [],
  );
  const waiting = deliveries.filter(({ state }) => state === 'pending');
  const pages = waiting.map(
    // Announcements that fall due together are one wake-up: there may be thousands.
    ({ id, incidentId, page, dueAt, purpose, notifier }) => {
      const whose = incidentId ?? (purpose === 'announcement' ? notifier : id);
      return [`d/${tenant}/${cell(whose)}/${page}/${dueAt}`, dueAt] as const;
    },
  );
  return [...armed, ...pages];
}

function optional(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cell(text);
}
