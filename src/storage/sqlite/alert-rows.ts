/**
 * Alert rows: what happens to an alert, and the latest alert of a key.
 *
 * A key is two texts of up to 1,024 characters, so its rows are found by a hash of both. What changes of an alert has a
 * column; its body is written once and never rewritten. One that belongs to no incident has the empty text as its incident.
 */
import { hash } from 'node:crypto';
import {
  type AlertChange,
  type AlertContent,
  alertSaying,
  alertStatusSchema,
  type StoredAlert,
} from '../../model/alert.ts';
import type { AlertFilter, AlertKey } from '../../ports/storage.ts';
import {
  type Connection,
  numberOf,
  optionalNumberOf,
  optionalTextOf,
  type Row,
  recordOf,
  type Step,
  textOf,
} from './connection.ts';
import { toColumn } from './key-text.ts';
import { select, type Where } from './select.ts';

const OPEN = `INSERT INTO tocsin_alerts
  (tenant, id, key_hash, incident_id, status, severity, service, opened_at, last_seen_at, occurred_at, cleared_at, count,
    body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
// The greatest of what is there and what comes; a scalar max of NULL and anything is NULL.
const SEEN = `last_seen_at = max(last_seen_at, ?),
    occurred_at = max(coalesce(occurred_at, ?), coalesce(?, occurred_at))`;
const REPEAT = `UPDATE tocsin_alerts SET count = count + ?, ${SEEN}
  WHERE tenant = ? AND id = ? AND status <> 'cleared'`;
const RETURN = `UPDATE OR IGNORE tocsin_alerts
  SET status = 'firing', severity = ?, cleared_at = NULL, count = count + 1, ${SEEN}
  WHERE tenant = ? AND id = ?`;
const SET = `UPDATE OR IGNORE tocsin_alerts
  SET status = coalesce(?, status), cleared_at = coalesce(?, cleared_at), incident_id = coalesce(?, incident_id),
    severity = coalesce(?, severity), content = coalesce(?, content)
  WHERE tenant = ? AND id = ?`;
const ALERT = 'SELECT 1 FROM tocsin_alerts WHERE tenant = ? AND id = ?';
const OPEN_OF_KEY = "SELECT * FROM tocsin_alerts WHERE tenant = ? AND key_hash = ? AND status <> 'cleared'";
const LATEST_OF_KEY = `SELECT * FROM tocsin_alerts WHERE tenant = ? AND key_hash = ?
  ORDER BY rowid DESC LIMIT 1`;

/** Rows of the first version of the tables say it in their body alone. */
const SERVICE = `coalesce(service,
  CASE WHEN json_valid(body) THEN replace(json_extract(body, '$.service'), '\\', '\\005c') END)`;

const STATUSES = alertStatusSchema.options;

/** Writes one change; a second open alert of a key conflicts, and so does a repeat of one that is not open. */
export function alertStep(tenant: string, change: AlertChange): Step {
  if (change.type === 'open') return openStep(tenant, change.alert);
  const key = [tenant, change.id].map(toColumn);
  if (change.type === 'repeat') {
    const { times = 1, seenAt, occurredAt } = change;
    return (connection) => connection.run(REPEAT, times, seenAt, occurredAt, occurredAt, ...key) === 1;
  }
  const sql = change.type === 'return' ? RETURN : SET;
  const values =
    change.type === 'return'
      ? [toColumn(change.severity), change.seenAt, change.occurredAt, change.occurredAt]
      : [
          change.status,
          change.clearedAt,
          optionalColumn(change.incidentId),
          optionalColumn(change.severity),
          JSON.stringify(change.content),
        ];
  // An alert that is there and could not be written would have been the second open one of its key.
  return (connection) => connection.run(sql, ...values, ...key) === 1 || connection.get(ALERT, ...key) === undefined;
}

/** The alert of `key` that is open, or else the one that came last, whatever the clock said then. */
export function latestAlert(connection: Connection, tenant: string, key: AlertKey): StoredAlert | undefined {
  const columns = [toColumn(tenant), hashOf(key)];
  const row = connection.get(OPEN_OF_KEY, ...columns) ?? connection.get(LATEST_OF_KEY, ...columns);
  return row === undefined ? undefined : { ...alertOf(row), ...key };
}

/** The alerts that `filter` asks for, the newest first. */
export function listAlerts(connection: Connection, tenant: string, filter: AlertFilter): readonly StoredAlert[] {
  const where: Where = [
    ['tenant = ?', toColumn(tenant)],
    filter.id !== undefined && ['id = ?', toColumn(filter.id)],
    filter.incidentId !== undefined && ["incident_id = ? AND incident_id <> ''", toColumn(filter.incidentId)],
    filter.status !== undefined && ['status = ?', filter.status],
    filter.service !== undefined && [`${SERVICE} = ?`, toColumn(filter.service)],
  ];
  const rows = select(connection, {
    from: 'tocsin_alerts',
    where,
    order: 'opened_at DESC, rowid DESC',
    limit: filter.limit ?? 100,
  });
  return rows.map(alertOf);
}

function openStep(tenant: string, alert: StoredAlert): Step {
  const values = [
    toColumn(tenant),
    toColumn(alert.id),
    hashOf(alert),
    toColumn(alert.incidentId ?? ''),
    alert.status,
    toColumn(alert.severity),
    toColumn(alert.service),
    alert.openedAt,
    alert.lastSeenAt,
    alert.occurredAt,
    alert.clearedAt,
    alert.count,
    JSON.stringify(alert),
  ];
  return (connection) => connection.run(OPEN, ...values) === 1;
}

function alertOf(row: Row): StoredAlert {
  const { clearedAt: _c, occurredAt: _o, incidentId: _i, ...opened } = recordOf<StoredAlert>(row) ?? unreadable(row);
  const content = recordOf<AlertContent>(row, 'content');
  const incidentId = textOf(row, 'incident_id');
  const clearedAt = optionalNumberOf(row, 'cleared_at');
  const occurredAt = optionalNumberOf(row, 'occurred_at');
  return {
    ...(content === undefined ? opened : alertSaying(opened, content)),
    tenant: textOf(row, 'tenant'),
    ...(incidentId !== '' && { incidentId }),
    status: STATUSES.find((status) => status === row.status) ?? 'cleared',
    severity: textOf(row, 'severity'),
    lastSeenAt: numberOf(row, 'last_seen_at'),
    count: numberOf(row, 'count'),
    ...(occurredAt !== undefined && { occurredAt }),
    ...(clearedAt !== undefined && { clearedAt }),
  };
}

/** An alert as it was opened. */
type Opened = Omit<StoredAlert, 'tenant' | 'status' | 'severity' | 'lastSeenAt' | 'count'>;

/** What is known of an alert whose body is no JSON; its key is known only to whoever asks for it. */
function unreadable(row: Row): Opened {
  const id = textOf(row, 'id');
  const unknown = { routeKey: 'unknown', dedupKey: 'unknown' };
  const service = optionalTextOf(row, 'service') ?? 'unknown';
  return { id, ...unknown, service, title: `Alert ${id}`, labels: {}, links: [], openedAt: numberOf(row, 'opened_at') };
}

/** JSON escapes what UTF-8 cannot say, so that two keys never share their bytes. */
function hashOf({ routeKey, dedupKey }: AlertKey): string {
  return hash('sha256', JSON.stringify([routeKey, dedupKey]), 'base64url');
}

const optionalColumn = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : toColumn(text);
