/**
 * Reads: what a decision begins with, and lists in the order that they promise.
 *
 * Each is one statement, and so sees one moment. Nothing here writes.
 */
import { TocsinError } from '../../errors.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import {
  incidentCursor,
  type Loaded,
  type LoadQuery,
  readIncidentCursor,
  type Storage,
  type StoredDocument,
} from '../../ports/storage.ts';
import { serviceSql } from './alert-columns.ts';
import { cell, hashOf, maybe, numberOf, type Row, textOf } from './cells.ts';
import type { Run } from './connection.ts';
import { ALERT_CELLS } from './read-functions.ts';
import { alertOf, DELIVERY_CELLS, deliveryOf, incidentOf } from './stored-rows.ts';

type Lists = Pick<
  Storage,
  'listIncidents' | 'listAlerts' | 'listDeliveries' | 'listDocuments' | 'documentVersions' | 'prune'
>;

/** What a host's own transaction may read as well. */
export function reads(run: Run, s: string, nowSql: string): Pick<Storage, 'load' | 'timeline'> {
  return {
    async load(query) {
      const rows = await run(
        `select clock.now, l.* from (select (${nowSql})::double precision as now) clock
        left join lateral ${s}.load_2($1::jsonb, clock.now) l on true`,
        [JSON.stringify(keysOf(query))],
      );
      return loadedOf(query, rows);
    },

    async timeline(tenant, incidentId) {
      const rows = await run(`select body from ${s}.timeline where tenant = $1 and incident_id = $2 order by seq`, [
        cell(tenant),
        cell(incidentId),
      ]);
      return rows.map(({ body }) => eventOf(incidentId, body));
    },
  };
}

/** What lists are for. */
export function lists(run: Run, s: string, nowSql: string): Lists {
  const now = `(${nowSql})::double precision`;
  return {
    async listIncidents(tenant, { phases, service, severity, limit = 100, cursor }) {
      const after = cursor === undefined ? undefined : readIncidentCursor(cursor);
      const { where, values } = conditions(tenant, [
        ['phase = any(?::text[])', phases?.map(cell)],
        ['service = ?', maybeCell(service)],
        ['severity = ?', maybeCell(severity)],
        ['(opened_at, id) < (?::double precision, ?)', after?.openedAt, maybeCell(after?.id)],
      ]);
      const rows = await run(
        `select id, version, snapshot, opened_at from ${s}.incidents where ${where}
        order by opened_at desc, id desc limit ${whole(limit) + 1}`,
        values,
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map((row) => incidentOf(tenant, row)),
        ...(last && { next: incidentCursor({ id: textOf(last.id), openedAt: numberOf(last.opened_at) }) }),
      };
    },

    async listAlerts(tenant, { id, incidentId, status, service, limit = 100 }) {
      const { where, values } = conditions(tenant, [
        ['id = ?', maybeCell(id)],
        ["incident_id = ? and incident_id <> ''", maybeCell(incidentId)],
        ['status = ?', status],
        [`${serviceSql(s)} = ?`, maybeCell(service)],
      ]);
      const rows = await run(
        `select a.body, ${ALERT_CELLS}::text as cells from ${s}.alerts a where ${where}
        order by opened_at desc, place desc limit ${whole(limit)}`,
        values,
      );
      return rows.map(({ body, cells }) => alertOf(tenant, { body, cells }));
    },

    async listDeliveries(tenant, { id, externalId, incidentId, user, page, state, limit = 1_000 }) {
      const { where, values } = conditions(tenant, [
        ['id = ?', maybeCell(id)],
        ['left(external_id, 200) = left(?, 200) and external_id = ?', maybeCell(externalId), maybeCell(externalId)],
        ["incident_id = ? and incident_id <> ''", maybeCell(incidentId)],
        ['user_id = ?', maybeCell(user)],
        ['page = ?', page],
        ['state = ?', state],
      ]);
      const rows = await run(
        `select ${DELIVERY_CELLS} from ${s}.deliveries d where ${where}
        order by requested_at, page, due_at, id limit ${whole(limit)}`,
        values,
      );
      return rows.map(deliveryOf);
    },

    async listDocuments(tenant, { collection, limit = 100, after }) {
      const { where, values } = conditions(tenant, [
        ['collection = ?', cell(collection)],
        ['left(id, 200) >= left(?, 200) and id > ?', maybeCell(after), maybeCell(after)],
      ]);
      const rows = await run(
        `select id, version, data from ${s}.documents where ${where} and (expires_at is null or expires_at > ${now})
        order by left(id, 200), id limit ${whole(limit)}`,
        values,
      );
      return rows.map((row): StoredDocument => {
        return { collection, id: textOf(row.id), version: numberOf(row.version), data: JSON.parse(String(row.data)) };
      });
    },

    async documentVersions(tenants, collection) {
      const rows = await run(
        `select tenant, id, version from ${s}.documents
        where tenant = any($1::text[]) and collection = $2 and (expires_at is null or expires_at > ${now})`,
        [tenants.map(cell), cell(collection)],
      );
      return rows.map((row) => ({ tenant: textOf(row.tenant), id: textOf(row.id), version: numberOf(row.version) }));
    },

    async prune(tenant, { endedBefore, limit }) {
      const [row] = await run(`select ${s}.prune_3($1, $2::double precision, $3::integer, ${now}) as gone`, [
        cell(tenant),
        endedBefore ?? null,
        whole(limit),
      ]);
      return numberOf(row?.gone ?? 0);
    },
  };
}

/** @throws TocsinError TIMELINE_INVALID when it is no JSON: an incident without one of its events is another incident. */
function eventOf(incidentId: string, body: unknown): TimelineEvent {
  try {
    return JSON.parse(String(body));
  } catch (cause) {
    throw new TocsinError('TIMELINE_INVALID', `Cannot read an event of incident ${incidentId}: it is no JSON.`, {
      details: { incident: incidentId },
      cause,
    });
  }
}

function keysOf({ tenant, incidents = [], alertKeys = [], documents = [], slots = [], counters = [] }: LoadQuery) {
  return {
    tenant: cell(tenant),
    incidents: incidents.map(cell),
    ...(alertKeys.length > 0 && {
      alertKeys: alertKeys.map((key) => hashOf(cell(tenant), key.routeKey, key.dedupKey)),
    }),
    ...(documents.length > 0 && {
      documents: documents.map((key, place) => ({ place, collection: cell(key.collection), id_hash: hashOf(key.id) })),
    }),
    ...(slots.length > 0 && {
      slots: slots.map(({ kind, key }, place) => ({ place, kind: cell(kind), key_hash: hashOf(key) })),
    }),
    ...(counters.length > 0 && {
      counters: counters.map((key, place) => ({ place, collection: cell(key.collection), id_hash: hashOf(key.id) })),
    }),
  };
}

function loadedOf(
  { tenant, alertKeys = [], documents = [], slots = [], counters = [] }: LoadQuery,
  rows: readonly Row[],
): Loaded {
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  /** What was found under the keys that were asked for, each once. */
  const found = <K, T>(kind: string, keys: readonly K[], read: (key: K, row: Row) => T): readonly T[] =>
    of(kind).flatMap((row) => {
      const key = keys[numberOf(row.place)];
      return key === undefined ? [] : [read(key, row)];
    });
  return {
    now: numberOf(rows[0]?.now),
    incidents: of('incident').map(({ name, version, body }) =>
      incidentOf(tenant, { id: name, version, snapshot: body }),
    ),
    alerts: found('alert', alertKeys, ({ routeKey, dedupKey }, { body, extra }) => {
      return { ...alertOf(tenant, { body, cells: extra }), routeKey, dedupKey };
    }),
    documents: found('document', documents, ({ collection, id }, row) => {
      return { collection, id, version: numberOf(row.version), data: JSON.parse(String(row.body)) };
    }),
    slots: found('slot', slots, ({ kind, key }, row) => {
      const until = maybe(numberOf, row.extra);
      const owner = textOf(row.body);
      return { kind, key, owner, version: numberOf(row.version), ...(until !== undefined && { until }) };
    }),
    counters: found('counter', counters, ({ collection, id }, row) => {
      return { collection, id, value: numberOf(row.version) };
    }),
  };
}

/** The conditions whose values were asked for, each `?` a parameter. */
function conditions(tenant: string, asked: readonly (readonly [sql: string, ...values: unknown[]])[]) {
  const values: unknown[] = [cell(tenant)];
  const parts = ['tenant = $1'];
  for (const [sql, ...given] of asked) {
    if (!given.includes(undefined)) parts.push(sql.replaceAll('?', () => `$${values.push(given.shift())}`));
  }
  return { where: parts.join(' and '), values };
}

function maybeCell(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cell(text);
}

function whole(limit: number): number {
  return Math.max(0, Math.floor(limit));
}
