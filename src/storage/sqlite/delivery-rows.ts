/**
 * Delivery rows: requesting, withdrawing, handing out and settling.
 *
 * The token of a row grows each time it is handed out and never shrinks; whoever settles or extends has to name it.
 */
import {
  type DeliveryOutline,
  type DeliveryState,
  type ReceiptNews,
  receivedDelivery,
  type StoredDelivery,
  settledDelivery,
  unreadableDelivery,
} from '../../model/delivery.ts';
import type {
  ClaimedDelivery,
  DeliveryClaimQuery,
  DeliveryFilter,
  DeliveryOutcome,
  WithdrawalChange,
} from '../../ports/storage.ts';
import { type Connection, numberOf, type Row, recordOf, type Step, textOf } from './connection.ts';
import { dueInOrder, IS_LIVE } from './due-rows.ts';
import { toColumn } from './key-text.ts';
import { select, type Where } from './select.ts';

/** What the column says of one that belongs to no incident; no incident has that name. */
const NONE = '';
const IS_OF = `incident_id = ? AND incident_id <> '${NONE}'`;

/** What a provider calls it, as JSON text; its index has the same words. */
const EXTERNAL_ID = "CASE WHEN json_valid(body) THEN body -> '$.externalId' END";

const INSERT = `INSERT INTO tocsin_deliveries
  (tenant, id, incident_id, page, purpose, user_id, notifier, state, requested_at, due_at, attempts, leased_until, token,
    body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?) ON CONFLICT DO NOTHING`;
const WITHDRAW = `UPDATE tocsin_deliveries SET state = 'withdrawn', withdrawn_because = ?
  WHERE tenant = ? AND ${IS_OF} AND page < ? AND ${IS_LIVE}
    AND purpose = coalesce(?, purpose) AND user_id IS coalesce(?, user_id)`;
const LEASE = `UPDATE tocsin_deliveries
  SET state = 'leased', leased_until = ?, token = token + 1, attempts = attempts + 1 WHERE tenant = ? AND id = ?`;
const LEASED_UNTIL = `SELECT leased_until FROM tocsin_deliveries
  WHERE tenant = ? AND id = ? AND token = ? AND state = 'leased'`;
const EXTEND = `UPDATE tocsin_deliveries SET leased_until = max(leased_until, ?)
  WHERE tenant = ? AND id = ? AND token = ? AND state = 'leased'`;
const HELD = 'SELECT * FROM tocsin_deliveries WHERE tenant = ? AND id = ? AND token = ? AND leased_until > 0';
const SETTLE = `UPDATE tocsin_deliveries
  SET state = ?, due_at = ?, attempts = ?, leased_until = 0, body = ? WHERE tenant = ? AND id = ?`;
const ONE = 'SELECT * FROM tocsin_deliveries WHERE tenant = ? AND id = ?';
const RECEIVE = 'UPDATE tocsin_deliveries SET state = ?, body = ? WHERE tenant = ? AND id = ?';
const HASTEN = `UPDATE tocsin_deliveries SET due_at = min(due_at, ?) WHERE rowid = (
    SELECT rowid FROM tocsin_deliveries
    WHERE tenant = ? AND ${IS_OF} AND page = ? AND user_id = ? AND state = 'pending'
    ORDER BY CASE WHEN json_valid(body) THEN body -> '$.error' END IS NOT NULL, due_at, rowid LIMIT 1)`;
const REVIVE = `UPDATE tocsin_deliveries SET state = 'pending', due_at = ?, attempts = 0
  WHERE tenant = ? AND id = ? AND state = 'dead'`;

const PURPOSES = [
  'step',
  'fallback',
  'reminder',
  'responder',
  'handoff',
  'notice',
  'summary',
  'verification',
  'canary',
  'emergency',
  'update',
  'mirror',
  'announcement',
  'reaction',
  'follow',
  'room',
  'announce',
  'issue',
] as const;
const STATES = ['pending', 'leased', 'sent', 'dead', 'withdrawn'] as const;

/** Writes a new delivery; there being one of that id is a conflict. */
export function deliveryStep(tenant: string, delivery: StoredDelivery): Step {
  const values = [
    ...[tenant, delivery.id, delivery.incidentId ?? NONE].map(toColumn),
    delivery.page,
    delivery.purpose,
    delivery.user === undefined ? undefined : toColumn(delivery.user),
    toColumn(delivery.notifier),
    delivery.state,
    delivery.requestedAt,
    delivery.dueAt,
    delivery.attempts,
    JSON.stringify(delivery),
  ];
  return (connection) => connection.run(INSERT, ...values) === 1;
}

/** Takes back what has not gone out; one that is on the wire keeps its token, so that it may be settled. */
export function withdrawalStep(tenant: string, { incidentId, beforePage, only, because }: WithdrawalChange): Step {
  const user = only?.user === undefined ? undefined : toColumn(only.user);
  const values = [toColumn(because), ...[tenant, incidentId].map(toColumn), beforePage, only?.purpose, user];
  return (connection) => {
    connection.run(WITHDRAW, ...values);
    return true;
  };
}

/** Hands out the deliveries that are due. */
export function claimDeliveries(
  connection: Connection,
  query: DeliveryClaimQuery,
  now: number,
): readonly ClaimedDelivery[] {
  const condition = `${IS_LIVE} AND notifier NOT IN (SELECT value FROM json_each(?))`;
  const values = [JSON.stringify((query.except ?? []).map(toColumn))];
  const rows = dueInOrder(connection, query, { table: 'tocsin_deliveries', place: 'rowid', condition, values, now });
  return rows.map((row) => {
    const delivery = deliveryOf(row);
    connection.run(LEASE, now + query.leaseMs, String(row.tenant), String(row.id));
    const claimed = { ...delivery, state: 'leased', attempts: delivery.attempts + 1 } as const;
    return { delivery: claimed, token: numberOf(row, 'token') + 1, isReclaimed: delivery.state === 'leased' };
  });
}

/** Names a delivery and who holds it. */
export type HeldDelivery = { readonly tenant: string; readonly id: string; readonly token: number };

/** When the lease of whoever holds it ends; `undefined` when nobody holds it by that token. */
export function leaseEnd(connection: Connection, { tenant, id, token }: HeldDelivery): number | undefined {
  const row = connection.get(LEASED_UNTIL, toColumn(tenant), toColumn(id), token);
  return row === undefined ? undefined : numberOf(row, 'leased_until');
}

/** Makes the lease end no sooner than `until`. */
export function extendDelivery(connection: Connection, { tenant, id, token }: HeldDelivery, until: number): boolean {
  return connection.run(EXTEND, until, toColumn(tenant), toColumn(id), token) === 1;
}

/** Writes how an attempt ended, once. */
export function settleDelivery(
  connection: Connection,
  { tenant, id, token }: HeldDelivery,
  { outcome, now }: { readonly outcome: DeliveryOutcome; readonly now: number },
): StoredDelivery | undefined {
  const key = [tenant, id].map(toColumn);
  const row = connection.get(HELD, ...key, token);
  if (row === undefined) return undefined;
  const next = settledDelivery(deliveryOf(row), outcome, now);
  connection.run(SETTLE, next.state, next.dueAt, next.attempts, JSON.stringify(next), ...key);
  return next;
}

/** Keeps what a provider tells of a delivery. */
export function receiveDelivery(
  connection: Connection,
  { tenant, id }: { tenant: string; id: string },
  { news, now }: { readonly news: ReceiptNews; readonly now: number },
): StoredDelivery | undefined {
  const key = [tenant, id].map(toColumn);
  const row = connection.get(ONE, ...key);
  const next = row && receivedDelivery(deliveryOf(row), news, now);
  if (next === undefined) return undefined;
  connection.run(RECEIVE, next.state, JSON.stringify(next), ...key);
  return next;
}

/** Names the deliveries of a page to one person. */
export type PageToUser = {
  readonly tenant: string;
  readonly incidentId: string;
  readonly page: number;
  readonly user: string;
};

/** Makes the next of them due at `now`. */
export function hastenDelivery(connection: Connection, which: PageToUser, now: number): boolean {
  const { tenant, incidentId, page, user } = which;
  return connection.run(HASTEN, now, ...[tenant, incidentId].map(toColumn), page, toColumn(user)) === 1;
}

/** Makes a dead delivery due at `now`, with no attempts behind it. */
export function reviveDelivery(
  connection: Connection,
  { tenant, id }: { tenant: string; id: string },
  now: number,
): boolean {
  return connection.run(REVIVE, now, toColumn(tenant), toColumn(id)) === 1;
}

/** The deliveries that `filter` asks for, in the order in which they were requested. */
export function listDeliveries(
  connection: Connection,
  tenant: string,
  filter: DeliveryFilter,
): readonly StoredDelivery[] {
  const where: Where = [
    ['tenant = ?', toColumn(tenant)],
    filter.id !== undefined && ['id = ?', toColumn(filter.id)],
    filter.externalId !== undefined && [`${EXTERNAL_ID} = ?`, JSON.stringify(filter.externalId)],
    filter.incidentId !== undefined && [IS_OF, toColumn(filter.incidentId)],
    filter.user !== undefined && ['user_id = ?', toColumn(filter.user)],
    filter.page !== undefined && ['page = ?', filter.page],
    // A word, not a value, so that the index of the dead letters is found.
    filter.state !== undefined && [`state = '${stateOf(filter.state)}'`],
  ];
  const order = 'requested_at, page, due_at, id';
  const rows = select(connection, { from: 'tocsin_deliveries', where, order, limit: filter.limit ?? 1_000 });
  return rows.map(deliveryOf);
}

function deliveryOf(row: Row): StoredDelivery {
  return {
    ...(recordOf<StoredDelivery>(row) ?? unreadableDelivery(outlineOf(row))),
    tenant: textOf(row, 'tenant'),
    state: stateOf(row.state),
    dueAt: numberOf(row, 'due_at'),
    attempts: numberOf(row, 'attempts'),
    ...(row.withdrawn_because !== null && { withdrawnBecause: textOf(row, 'withdrawn_because') }),
  };
}

/** What the columns say of a delivery. */
function outlineOf(row: Row): DeliveryOutline {
  return {
    id: textOf(row, 'id'),
    tenant: textOf(row, 'tenant'),
    ...(row.incident_id !== NONE && { incidentId: textOf(row, 'incident_id') }),
    page: numberOf(row, 'page'),
    purpose: PURPOSES.find((purpose) => purpose === row.purpose) ?? 'step',
    ...(row.user_id !== null && { user: textOf(row, 'user_id') }),
    notifier: textOf(row, 'notifier'),
    state: stateOf(row.state),
    requestedAt: numberOf(row, 'requested_at'),
    dueAt: numberOf(row, 'due_at'),
    attempts: numberOf(row, 'attempts'),
  };
}

/** A state as it is known here; nothing else can be in the column. */
function stateOf(found: unknown): DeliveryState {
  return STATES.find((state) => state === found) ?? 'dead';
}
