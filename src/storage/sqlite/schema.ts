/**
 * Schema: the tables, and the numbered steps that make them.
 *
 * A step that was released is never edited; what changes is a new step. Each records itself, so that a host may run the
 * SQL with its own tools.
 */
import { TocsinError } from '../../errors.ts';
import { type Connection, numberOf } from './connection.ts';

/** One step: its SQL is run once, in a transaction. */
export type SqliteMigration = { readonly version: number; readonly sql: string };

// Moments are REAL, since a host's clock may have fractions. The order of rowid is the order in which rows came.
const FIRST = `
CREATE TABLE tocsin_migrations (version INTEGER PRIMARY KEY) STRICT;

CREATE TABLE tocsin_commits (
  tenant TEXT NOT NULL, commit_id TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (tenant, commit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tocsin_commits_at ON tocsin_commits (tenant, at);

CREATE TABLE tocsin_incidents (
  tenant TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  phase TEXT NOT NULL, service TEXT NOT NULL, severity TEXT NOT NULL,
  opened_at REAL NOT NULL, ended_at REAL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX tocsin_incidents_opened ON tocsin_incidents (tenant, opened_at, id, phase, service, severity);
CREATE INDEX tocsin_incidents_ended ON tocsin_incidents (tenant, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE tocsin_timeline (
  tenant TEXT NOT NULL, incident_id TEXT NOT NULL, seq INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, incident_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tocsin_alerts (
  tenant TEXT NOT NULL, id TEXT NOT NULL, key_hash TEXT NOT NULL,
  incident_id TEXT NOT NULL, status TEXT NOT NULL, severity TEXT NOT NULL,
  opened_at REAL NOT NULL, last_seen_at REAL NOT NULL, cleared_at REAL, count INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX tocsin_alerts_open ON tocsin_alerts (tenant, key_hash) WHERE status <> 'cleared';
CREATE INDEX tocsin_alerts_key ON tocsin_alerts (tenant, key_hash);
CREATE INDEX tocsin_alerts_incident ON tocsin_alerts (tenant, incident_id);
CREATE INDEX tocsin_alerts_opened ON tocsin_alerts (tenant, opened_at);

CREATE TABLE tocsin_timers (
  tenant TEXT NOT NULL, owner_kind TEXT NOT NULL, owner_id TEXT NOT NULL, kind TEXT NOT NULL,
  armed_seq INTEGER NOT NULL, due_at REAL NOT NULL, leased_until REAL NOT NULL,
  PRIMARY KEY (tenant, owner_kind, owner_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX tocsin_timers_due ON tocsin_timers (tenant, leased_until, due_at);

CREATE TABLE tocsin_deliveries (
  tenant TEXT NOT NULL, id TEXT NOT NULL, incident_id TEXT NOT NULL, page INTEGER NOT NULL,
  purpose TEXT NOT NULL, user_id TEXT, notifier TEXT NOT NULL,
  state TEXT NOT NULL, requested_at REAL NOT NULL, due_at REAL NOT NULL, attempts INTEGER NOT NULL,
  leased_until REAL NOT NULL, token INTEGER NOT NULL, withdrawn_because TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX tocsin_deliveries_due ON tocsin_deliveries (tenant, leased_until, due_at)
  WHERE state IN ('pending', 'leased');
CREATE INDEX tocsin_deliveries_dead ON tocsin_deliveries (tenant) WHERE state = 'dead';
CREATE INDEX tocsin_deliveries_incident ON tocsin_deliveries (tenant, incident_id, page);

CREATE TABLE tocsin_documents (
  tenant TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL, expires_at REAL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, collection, id)
) STRICT;
CREATE INDEX tocsin_documents_expired ON tocsin_documents (tenant, expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE tocsin_slots (
  tenant TEXT NOT NULL, kind TEXT NOT NULL, slot_key TEXT NOT NULL,
  owner TEXT NOT NULL, until REAL, version INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, slot_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE tocsin_counters (
  tenant TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (tenant, collection, id)
) STRICT, WITHOUT ROWID;

INSERT INTO tocsin_migrations (version) VALUES (1);
`.trim();

// An alert of no incident has the empty text as its incident. Rows of the first version have NULL in the new columns, and
// a process of that version may go on writing such rows.
const SECOND = `
ALTER TABLE tocsin_alerts ADD COLUMN occurred_at REAL;
ALTER TABLE tocsin_alerts ADD COLUMN content TEXT;
ALTER TABLE tocsin_alerts ADD COLUMN service TEXT;
CREATE INDEX tocsin_alerts_of_none ON tocsin_alerts (tenant, cleared_at) WHERE incident_id = '';
CREATE INDEX tocsin_slots_until ON tocsin_slots (tenant, until) WHERE until IS NOT NULL;

INSERT INTO tocsin_migrations (version) VALUES (2);
`.trim();

// A delivery of no incident has the empty text as its incident. What a provider calls one is found in its body, which a
// process of an earlier version goes on writing; `->` answers it as JSON text, in which no two texts are alike.
const THIRD = `
CREATE INDEX tocsin_deliveries_external
  ON tocsin_deliveries (tenant, CASE WHEN json_valid(body) THEN body -> '$.externalId' END)
  WHERE CASE WHEN json_valid(body) THEN body -> '$.externalId' END IS NOT NULL;
CREATE INDEX tocsin_deliveries_of_none ON tocsin_deliveries (tenant, requested_at) WHERE incident_id = '';

INSERT INTO tocsin_migrations (version) VALUES (3);
`.trim();

/** Every step, in order. */
export const MIGRATIONS: readonly SqliteMigration[] = [
  { version: 1, sql: FIRST },
  { version: 2, sql: SECOND },
  { version: 3, sql: THIRD },
];

/**
 * Runs the steps that are missing. The caller has begun a transaction that keeps everybody else from writing.
 *
 * @throws TocsinError SCHEMA_TOO_NEW when a later version was here.
 */
export function migrate(connection: Connection): void {
  const found = schemaVersion(connection);
  const known = MIGRATIONS.at(-1)?.version ?? 0;
  if (found > known) {
    throw new TocsinError(
      'SCHEMA_TOO_NEW',
      `Cannot use this database: its schema is version ${found}, this code knows ${known}. Run a newer version of Tocsin.`,
      { details: { found, known } },
    );
  }
  for (const { version, sql } of MIGRATIONS) if (version > found) connection.exec(sql);
}

/** The version of the tables that are there; 0 when there are none. */
export function schemaVersion(connection: Connection): number {
  const table = connection.get("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'tocsin_migrations'");
  if (table === undefined) return 0;
  const row = connection.get('SELECT coalesce(max(version), 0) AS version FROM tocsin_migrations');
  return row === undefined ? 0 : numberOf(row, 'version');
}
