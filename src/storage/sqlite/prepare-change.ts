/**
 * Writing a change: its rows, in the order of its parts, until one of them conflicts.
 *
 * It never undoes anything: whoever runs it keeps a savepoint and takes everything back after a conflict.
 */
import type {
  Change,
  CommitResult,
  CounterChange,
  DocumentChange,
  IncidentChange,
  SlotChange,
} from '../../ports/storage.ts';
import { alertStep } from './alert-rows.ts';
import { type Connection, numberOf, type Step } from './connection.ts';
import { deliveryStep, withdrawalStep } from './delivery-rows.ts';
import { toColumn } from './key-text.ts';
import { timerStep } from './timer-rows.ts';

const INSERT_COMMIT = 'INSERT INTO tocsin_commits (tenant, commit_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
const INSERT_INCIDENT = `INSERT INTO tocsin_incidents
  (phase, service, severity, opened_at, ended_at, body, tenant, id, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)
  ON CONFLICT DO NOTHING`;
const UPDATE_INCIDENT = `UPDATE tocsin_incidents
  SET phase = ?, service = ?, severity = ?, opened_at = ?, ended_at = ?, body = ?, version = version + 1
  WHERE tenant = ? AND id = ? AND version = ?`;
const INSERT_EVENT = `INSERT INTO tocsin_timeline (tenant, incident_id, seq, body) VALUES (?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;
const DELETE_EXPIRED = `DELETE FROM tocsin_documents
  WHERE tenant = ? AND collection = ? AND id = ? AND expires_at <= ?`;
const DOCUMENT_VERSION = 'SELECT version FROM tocsin_documents WHERE tenant = ? AND collection = ? AND id = ?';
const DELETE_DOCUMENT = 'DELETE FROM tocsin_documents WHERE tenant = ? AND collection = ? AND id = ?';
const INSERT_DOCUMENT = `INSERT INTO tocsin_documents (expires_at, body, tenant, collection, id, version)
  VALUES (?, ?, ?, ?, ?, 1)`;
const UPDATE_DOCUMENT = `UPDATE tocsin_documents SET version = version + 1, expires_at = ?, body = ?
  WHERE tenant = ? AND collection = ? AND id = ?`;
const INSERT_SLOT = `INSERT INTO tocsin_slots (owner, until, tenant, kind, slot_key, version) VALUES (?, ?, ?, ?, ?, 1)
  ON CONFLICT DO NOTHING`;
const UPDATE_SLOT = `UPDATE tocsin_slots SET owner = ?, until = ?, version = version + 1
  WHERE tenant = ? AND kind = ? AND slot_key = ? AND version = ?`;
const SLOT_VERSION = 'SELECT version FROM tocsin_slots WHERE tenant = ? AND kind = ? AND slot_key = ?';
const DELETE_SLOT = 'DELETE FROM tocsin_slots WHERE tenant = ? AND kind = ? AND slot_key = ? AND version = ?';
const ADD = `INSERT INTO tocsin_counters (tenant, collection, id, value) VALUES (?, ?, ?, ?)
  ON CONFLICT (tenant, collection, id) DO UPDATE SET value = value + excluded.value`;

const ENDS: readonly string[] = ['closed', 'dismissed', 'merged'];

/**
 * Takes `change` down as it is now, whatever the caller does with it later, and answers what writes it. After
 * 'conflict', half of it may stand and has to be undone.
 */
export function prepareChange(change: Change): (connection: Connection, now: number) => CommitResult {
  const { tenant } = change;
  const key = [tenant, change.commitId].map(toColumn);
  const steps: readonly Step[] = [
    ...change.incidents.map((incident) => incidentStep(tenant, incident)),
    ...change.alerts.map((alert) => alertStep(tenant, alert)),
    ...change.timers.map((timer) => timerStep(tenant, timer)),
    ...change.withdrawals.map((withdrawal) => withdrawalStep(tenant, withdrawal)),
    ...change.deliveries.map((delivery) => deliveryStep(tenant, delivery)),
    ...change.documents.map((document) => documentStep(tenant, document)),
    ...change.slots.map((slot) => slotStep(tenant, slot)),
    ...change.counters.map((counter) => counterStep(tenant, counter)),
  ];
  return (connection, now) => {
    if (connection.run(INSERT_COMMIT, ...key, now) === 0) return 'applied';
    return steps.every((step) => step(connection, now)) ? 'applied' : 'conflict';
  };
}

function incidentStep(tenant: string, { id, expectedVersion, snapshot, events }: IncidentChange): Step {
  const { value, context } = snapshot;
  const key = [tenant, id].map(toColumn);
  const columns = [
    toColumn(value.phase),
    toColumn(context.service),
    toColumn(context.severity),
    context.times.openedAt,
    endedAt(snapshot),
    JSON.stringify(snapshot),
    ...key,
  ];
  const rows = events.map((event) => [...key, event.seq, JSON.stringify(event)]);
  return (connection) => {
    const written =
      expectedVersion === 0
        ? connection.run(INSERT_INCIDENT, ...columns)
        : connection.run(UPDATE_INCIDENT, ...columns, expectedVersion);
    if (written === 0) return false;
    return rows.every((row) => connection.run(INSERT_EVENT, ...row) === 1);
  };
}

/** The moment of its last event of all, once it is closed, dismissed or merged. */
function endedAt({ value, context }: IncidentChange['snapshot']): number | undefined {
  return ENDS.includes(value.phase) ? context.at : undefined;
}

function documentStep(tenant: string, change: DocumentChange): Step {
  const { expectedVersion, expiresAt } = change;
  const key = [tenant, change.collection, change.id].map(toColumn);
  const body = JSON.stringify(change.data);
  return (connection, now) => {
    connection.run(DELETE_EXPIRED, ...key, now);
    const row = connection.get(DOCUMENT_VERSION, ...key);
    const version = row === undefined ? 0 : numberOf(row, 'version');
    if (version !== expectedVersion) return false;
    if (body === undefined) connection.run(DELETE_DOCUMENT, ...key);
    else if (version === 0) connection.run(INSERT_DOCUMENT, expiresAt, body, ...key);
    else connection.run(UPDATE_DOCUMENT, expiresAt, body, ...key);
    return true;
  };
}

function slotStep(tenant: string, { kind, key, expectedVersion, owner, until }: SlotChange): Step {
  const row = [tenant, kind, key].map(toColumn);
  if (owner === undefined) {
    if (expectedVersion === 0) return (connection) => connection.get(SLOT_VERSION, ...row) === undefined;
    return (connection) => connection.run(DELETE_SLOT, ...row, expectedVersion) === 1;
  }
  const values = [toColumn(owner), until, ...row];
  if (expectedVersion === 0) return (connection) => connection.run(INSERT_SLOT, ...values) === 1;
  return (connection) => connection.run(UPDATE_SLOT, ...values, expectedVersion) === 1;
}

function counterStep(tenant: string, { collection, id, add }: CounterChange): Step {
  const key = [tenant, collection, id].map(toColumn);
  return (connection) => connection.run(ADD, ...key, add) === 1;
}
