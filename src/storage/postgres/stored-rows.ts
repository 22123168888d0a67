/**
 * Stored rows: what the driver answers, as the port wants it.
 *
 * A body says what a thing was when it came, its cells what became of it since.
 */
import { type AlertContent, alertSaying, type StoredAlert } from '../../model/alert.ts';
import { type StoredDelivery, unreadableDelivery } from '../../model/delivery.ts';
import type { IncidentRow, StoredTimer } from '../../ports/storage.ts';
import { maybe, numberOf, type Row, textOf } from './cells.ts';

/** An incident; its snapshot is `undefined` when it is no JSON. */
export function incidentOf(tenant: string, { id, version, snapshot }: Row): IncidentRow {
  return { tenant, id: textOf(id), version: numberOf(version), snapshot: parsed(String(snapshot)) };
}

/** An alert from its body and the JSON array of its cells. */
export function alertOf(tenant: string, { body, cells }: { body: unknown; cells: unknown }): StoredAlert {
  const [status, severity, incidentId, lastSeenAt, clearedAt, count, ...more] = JSON.parse(String(cells));
  const [id, openedAt, occurredAt, text, service] = more;
  const known = { id: textOf(id), service: maybe(textOf, service) ?? 'unknown', openedAt };
  const { clearedAt: _c, occurredAt: _o, incidentId: _i, ...opened } = objectIn<StoredAlert>(body) ?? outlineOf(known);
  const content = objectIn<AlertContent>(text);
  return {
    ...(content === undefined ? opened : alertSaying(opened, content)),
    tenant,
    status,
    severity: textOf(severity),
    ...(incidentId !== '' && { incidentId: textOf(incidentId) }),
    lastSeenAt,
    ...(occurredAt !== null && { occurredAt }),
    ...(clearedAt !== null && { clearedAt }),
    count,
  };
}

type Outline = Omit<StoredAlert, 'tenant' | 'status' | 'severity' | 'lastSeenAt' | 'count'>;

/** What is known of an alert whose body is no JSON; its key is known only to whoever asks for it. */
function outlineOf(known: Pick<StoredAlert, 'id' | 'service' | 'openedAt'>): Outline {
  return { ...known, routeKey: 'unknown', dedupKey: 'unknown', title: `Alert ${known.id}`, labels: {}, links: [] };
}

/** The columns that {@link deliveryOf} reads; `d` names the table. */
export const DELIVERY_CELLS = `d.tenant, d.id, d.incident_id, d.page, d.purpose, d.user_id, d.notifier, d.state,
  d.requested_at, d.due_at, d.attempts, d.sent_at, d.external_id, d.error, d.withdrawn_because, d.outcome, d.body` as const;

/** A delivery from {@link DELIVERY_CELLS}. */
export function deliveryOf(row: Row): StoredDelivery {
  const { sentAt: _s, externalId: _e, error: _r, withdrawnBecause: _w, ...whole } = askedOf(row);
  const outcome = objectIn<Pick<StoredDelivery, 'via' | 'bundledIn' | 'receipt'>>(row.outcome);
  const { via: _v, bundledIn: _b, receipt: _t, ...asked } = whole;
  const sentAt = maybe(numberOf, row.sent_at);
  const externalId = maybe(textOf, row.external_id);
  const error = maybe(textOf, row.error);
  const withdrawnBecause = maybe(textOf, row.withdrawn_because);
  return {
    ...(outcome === undefined ? whole : { ...asked, ...outcome }),
    tenant: textOf(row.tenant),
    state: stateOf(row.state),
    dueAt: numberOf(row.due_at),
    attempts: numberOf(row.attempts),
    ...(sentAt !== undefined && { sentAt }),
    ...(externalId !== undefined && { externalId }),
    ...(error !== undefined && { error }),
    ...(withdrawnBecause !== undefined && { withdrawnBecause }),
  };
}

/** The delivery as it was asked for; of one whose body is no JSON, what its columns say. */
function askedOf(row: Row): StoredDelivery {
  const body = objectIn<StoredDelivery>(row.body);
  if (body !== undefined) return body;
  const user = maybe(textOf, row.user_id);
  return unreadableDelivery({
    id: textOf(row.id),
    tenant: textOf(row.tenant),
    ...(row.incident_id !== '' && { incidentId: textOf(row.incident_id) }),
    page: numberOf(row.page),
    // It was written by whoever wrote the body.
    purpose: textOf(row.purpose) as StoredDelivery['purpose'],
    ...(user !== undefined && { user }),
    notifier: textOf(row.notifier),
    state: stateOf(row.state),
    requestedAt: numberOf(row.requested_at),
    dueAt: numberOf(row.due_at),
    attempts: numberOf(row.attempts),
  });
}

/** A timer from its columns. */
export function timerOf(row: Row): StoredTimer {
  return {
    tenant: textOf(row.tenant),
    ownerKind: textOf(row.owner_kind),
    ownerId: textOf(row.owner_id),
    kind: textOf(row.kind),
    armedSeq: numberOf(row.armed_seq),
    dueAt: numberOf(row.due_at),
  };
}

const STATES = ['pending', 'leased', 'sent', 'dead', 'withdrawn'] as const;

function stateOf(value: unknown): StoredDelivery['state'] {
  return STATES.find((state) => state === value) ?? 'dead';
}

/** What was written as JSON, where an object was; `undefined` when what is there is none. */
function objectIn<T extends object>(text: unknown): T | undefined {
  const value = parsed(String(text));
  return typeof value === 'object' && value !== null ? (value as T) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
