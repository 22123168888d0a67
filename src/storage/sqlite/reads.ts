/**
 * Reads: what is loaded before a decision, and what people look through.
 *
 * It sees one moment only when the caller has begun a transaction. A body that cannot be read never hides another row.
 */
import { TocsinError } from '../../errors.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import {
  type DocumentFilter,
  type IncidentFilter,
  type IncidentRow,
  incidentCursor,
  type Loaded,
  type LoadQuery,
  readIncidentCursor,
  type StoredDocument,
} from '../../ports/storage.ts';
import { latestAlert } from './alert-rows.ts';
import { bodyOf, type Connection, numberOf, optionalNumberOf, type Row, recordOf, textOf } from './connection.ts';
import { toColumn } from './key-text.ts';
import { select, type Where } from './select.ts';

const INCIDENT = 'SELECT * FROM tocsin_incidents WHERE tenant = ? AND id = ?';
const DOCUMENT = `SELECT * FROM tocsin_documents
  WHERE tenant = ? AND collection = ? AND id = ? AND (expires_at IS NULL OR expires_at > ?)`;
const SLOT = 'SELECT * FROM tocsin_slots WHERE tenant = ? AND kind = ? AND slot_key = ?';
const COUNTER = 'SELECT value FROM tocsin_counters WHERE tenant = ? AND collection = ? AND id = ?';
const VERSIONS = `SELECT tenant, id, version FROM tocsin_documents
  WHERE tenant IN (SELECT value FROM json_each(?)) AND collection = ? AND (expires_at IS NULL OR expires_at > ?)`;

/** What `query` names, as it is at `now`. */
export function load(connection: Connection, query: LoadQuery, now: number): Loaded {
  const { incidents = [], alertKeys = [], documents = [], slots = [], counters = [] } = query;
  const { tenant } = query;
  const find = (sql: string, ...key: readonly string[]) => connection.get(sql, ...[tenant, ...key].map(toColumn));
  const alerts = alertKeys.flatMap((key) => latestAlert(connection, tenant, key) ?? []);
  const ids = [...new Set([...incidents, ...alerts.flatMap(({ incidentId }) => incidentId ?? [])])];
  return {
    now,
    incidents: ids.flatMap((id) => present(find(INCIDENT, id)).map(incidentOf)),
    alerts,
    documents: documents.flatMap(({ collection, id }) =>
      present(connection.get(DOCUMENT, ...[tenant, collection, id].map(toColumn), now)).map(documentOf),
    ),
    slots: slots.flatMap(({ kind, key }) =>
      present(find(SLOT, kind, key)).map((row) => {
        const until = optionalNumberOf(row, 'until');
        const version = numberOf(row, 'version');
        return { kind, key, owner: textOf(row, 'owner'), version, ...(until !== undefined && { until }) };
      }),
    ),
    counters: counters.flatMap(({ collection, id }) =>
      present(find(COUNTER, collection, id)).map((row) => ({ collection, id, value: numberOf(row, 'value') })),
    ),
  };
}

/**
 * The events of an incident, in order.
 *
 * @throws TocsinError TIMELINE_INVALID when one of them cannot be read: without it, it would be another incident.
 */
export function timeline(connection: Connection, tenant: string, incidentId: string): readonly TimelineEvent[] {
  const sql = 'SELECT seq, body FROM tocsin_timeline WHERE tenant = ? AND incident_id = ? ORDER BY seq';
  return connection.all(sql, toColumn(tenant), toColumn(incidentId)).map((row) => eventOf(row, incidentId));
}

/** A page of incidents, the newest first. */
export function listIncidents(
  connection: Connection,
  tenant: string,
  filter: IncidentFilter,
): { readonly items: readonly IncidentRow[]; readonly next?: string } {
  const { phases, service, severity, limit = 100 } = filter;
  const cursor = filter.cursor === undefined ? undefined : readIncidentCursor(filter.cursor);
  const where: Where = [
    ['tenant = ?', toColumn(tenant)],
    phases !== undefined && ['phase IN (SELECT value FROM json_each(?))', JSON.stringify(phases.map(toColumn))],
    service !== undefined && ['service = ?', toColumn(service)],
    severity !== undefined && ['severity = ?', toColumn(severity)],
    cursor !== undefined && ['(opened_at, id) < (?, ?)', cursor.openedAt, toColumn(cursor.id)],
  ];
  const order = 'opened_at DESC, id DESC';
  const rows = select(connection, { from: 'tocsin_incidents', where, order, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const items = page.map(incidentOf);
  if (last === undefined || rows.length === page.length) return { items };
  return { items, next: incidentCursor({ id: textOf(last, 'id'), openedAt: numberOf(last, 'opened_at') }) };
}

/** The documents of a collection, by their id. */
export function listDocuments(
  connection: Connection,
  { tenant, filter }: { readonly tenant: string; readonly filter: DocumentFilter },
  now: number,
): readonly StoredDocument[] {
  const { collection, after, limit = 100 } = filter;
  const where: Where = [
    ['tenant = ?', toColumn(tenant)],
    ['collection = ?', toColumn(collection)],
    after !== undefined && ['id > ?', toColumn(after)],
    ['(expires_at IS NULL OR expires_at > ?)', now],
  ];
  return select(connection, { from: 'tocsin_documents', where, order: 'id', limit }).map(documentOf);
}

/** Which version of each document there is. */
export function documentVersions(
  connection: Connection,
  { tenants, collection }: { readonly tenants: readonly string[]; readonly collection: string },
  now: number,
): readonly { readonly tenant: string; readonly id: string; readonly version: number }[] {
  const rows = connection.all(VERSIONS, JSON.stringify(tenants.map(toColumn)), toColumn(collection), now);
  return rows.map((row) => ({
    tenant: textOf(row, 'tenant'),
    id: textOf(row, 'id'),
    version: numberOf(row, 'version'),
  }));
}

function eventOf(row: Row, incidentId: string): TimelineEvent {
  const event = recordOf<TimelineEvent>(row);
  if (event !== undefined) return event;
  const seq = numberOf(row, 'seq');
  throw new TocsinError(
    'TIMELINE_INVALID',
    `Cannot read the timeline of incident ${incidentId}: event ${seq} is no JSON. Restore that row from a backup.`,
    { details: { incident: incidentId } },
  );
}

const present = (row: Row | undefined): readonly Row[] => (row === undefined ? [] : [row]);

const incidentOf = (row: Row): IncidentRow => ({
  tenant: textOf(row, 'tenant'),
  id: textOf(row, 'id'),
  version: numberOf(row, 'version'),
  snapshot: bodyOf(row),
});

const documentOf = (row: Row): StoredDocument => ({
  collection: textOf(row, 'collection'),
  id: textOf(row, 'id'),
  version: numberOf(row, 'version'),
  data: bodyOf(row),
});
