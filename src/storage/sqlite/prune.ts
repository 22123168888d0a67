/**
 * Pruning: forgetting what has ended, with everything that belongs to it.
 *
 * An incident that still has a timer, or a delivery that wants to go out or is on the wire, is left for another time.
 */
import { type Connection, textOf } from './connection.ts';
import { IS_LIVE } from './due-rows.ts';
import { toColumn } from './key-text.ts';
import { wholeLimit } from './select.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

const ENDED = `SELECT id FROM tocsin_incidents AS incident WHERE tenant = ? AND ended_at IS NOT NULL AND ended_at < ?
  AND NOT EXISTS (SELECT 1 FROM tocsin_timers AS timer WHERE timer.tenant = incident.tenant
    AND timer.owner_kind = 'incident' AND timer.owner_id = incident.id)
  AND NOT EXISTS (SELECT 1 FROM tocsin_deliveries AS delivery WHERE delivery.tenant = incident.tenant
    AND delivery.incident_id = incident.id AND (${IS_LIVE} OR leased_until > ?))
  ORDER BY ended_at LIMIT ?`;

const EXPIRED_DOCUMENTS = `DELETE FROM tocsin_documents WHERE rowid IN (
    SELECT rowid FROM tocsin_documents WHERE tenant = ? AND expires_at <= ? LIMIT ?)`;
const OLD_COMMITS = `DELETE FROM tocsin_commits WHERE tenant = ? AND commit_id IN (
    SELECT commit_id FROM tocsin_commits WHERE tenant = ? AND at < ? LIMIT ?)`;

const OLD_SLOTS = `DELETE FROM tocsin_slots WHERE tenant = ? AND (kind, slot_key) IN (
    SELECT kind, slot_key FROM tocsin_slots WHERE tenant = ? AND until < ? LIMIT ?)`;

const BELONGINGS = [
  'DELETE FROM tocsin_deliveries WHERE tenant = ? AND incident_id = ?',
  'DELETE FROM tocsin_alerts WHERE tenant = ? AND incident_id = ?',
  'DELETE FROM tocsin_timeline WHERE tenant = ? AND incident_id = ?',
  'DELETE FROM tocsin_incidents WHERE tenant = ? AND id = ?',
];

const OLD_ALERTS = `DELETE FROM tocsin_alerts WHERE rowid IN (
    SELECT rowid FROM tocsin_alerts WHERE tenant = ? AND incident_id = '' AND status = 'cleared' AND cleared_at < ?
    ORDER BY cleared_at LIMIT ?)`;

const OLD_DELIVERIES = `DELETE FROM tocsin_deliveries WHERE rowid IN (
    SELECT rowid FROM tocsin_deliveries WHERE tenant = ? AND incident_id = '' AND requested_at < ?
      AND NOT (${IS_LIVE} OR leased_until > ?)
    ORDER BY requested_at LIMIT ?)`;

/** How many rows one transaction forgets, so that it blocks the host for some milliseconds at most. */
export const PORTION = 5_000;
/** The same for incidents, to each of which some dozens of rows belong. */
export const INCIDENTS = 100;

/** Forgets a portion of the documents that expired, of old slots and of old commit ids; answers whether more may be left. */
export function pruneExpired(connection: Connection, of: string, now: number): boolean {
  const tenant = toColumn(of);
  const documents = connection.run(EXPIRED_DOCUMENTS, tenant, now, PORTION);
  const commits = connection.run(OLD_COMMITS, tenant, tenant, now - DAY_MS, PORTION);
  const slots = connection.run(OLD_SLOTS, tenant, tenant, now - WEEK_MS, PORTION);
  return Math.max(documents, commits, slots) === PORTION;
}

/** Which incidents to forget; see `prune` of the port. */
export type Pruning = {
  readonly tenant: string;
  readonly endedBefore: number;
  readonly limit: number;
  readonly now: number;
};

/** Answers how many incidents went. */
export function pruneEnded(connection: Connection, { tenant: of, endedBefore, limit, now }: Pruning): number {
  const tenant = toColumn(of);
  const ended = connection.all(ENDED, tenant, endedBefore, now, wholeLimit(limit)).map((row) => textOf(row, 'id'));
  for (const id of ended) for (const sql of BELONGINGS) connection.run(sql, tenant, toColumn(id));
  return ended.length;
}

/** Forgets alerts that belong to no incident, with which they would go, once they have cleared; answers how many went. */
export function pruneAlerts(connection: Connection, { tenant, endedBefore, limit }: Omit<Pruning, 'now'>): number {
  return connection.run(OLD_ALERTS, toColumn(tenant), endedBefore, wholeLimit(limit));
}

/** Forgets deliveries that belong to no incident and have ended; answers how many went. */
export function pruneDeliveries(connection: Connection, { tenant, endedBefore, limit, now }: Pruning): number {
  return connection.run(OLD_DELIVERIES, toColumn(tenant), endedBefore, now, wholeLimit(limit));
}
