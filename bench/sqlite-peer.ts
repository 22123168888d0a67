/**
 * The hand-written loop on SQLite: what somebody would write who needs exactly these rows and nothing else.
 *
 * Prepared statements, one transaction per commit, the same tables and pragmas. It knows neither savepoints, nor
 * concurrency, nor any other shape of a commit.
 */
import { hash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { Change } from '../src/ports/storage.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';

/** Writes an opening, or the update of an incident with its events. */
export type SqlitePeer = { commit(change: Change): void; readonly database: DatabaseSync };

/** A loop on a new file with the tables of the storage. */
export async function sqlitePeer(path: string): Promise<SqlitePeer> {
  const maker = sqliteStorage({ path });
  await maker.migrate();
  await maker.close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
  const prepare = (sql: string) => database.prepare(sql);
  const begin = prepare('BEGIN IMMEDIATE');
  const end = prepare('COMMIT');
  const commit = prepare('INSERT INTO tocsin_commits (tenant, commit_id, at) VALUES (?, ?, ?)');
  const incident = prepare(`INSERT INTO tocsin_incidents
    (tenant, id, version, phase, service, severity, opened_at, ended_at, body) VALUES (?, ?, 1, ?, ?, ?, ?, NULL, ?)`);
  const update = prepare(`UPDATE tocsin_incidents
    SET phase = ?, service = ?, severity = ?, opened_at = ?, ended_at = NULL, body = ?, version = version + 1
    WHERE tenant = ? AND id = ? AND version = ?`);
  const event = prepare('INSERT INTO tocsin_timeline (tenant, incident_id, seq, body) VALUES (?, ?, ?, ?)');
  const alert = prepare(`INSERT INTO tocsin_alerts
    (tenant, id, key_hash, incident_id, status, severity, opened_at, last_seen_at, cleared_at, count, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)`);
  const timer = prepare(`INSERT INTO tocsin_timers
    (tenant, owner_kind, owner_id, kind, armed_seq, due_at, leased_until) VALUES (?, ?, ?, ?, ?, ?, 0)`);
  const delivery = prepare(`INSERT INTO tocsin_deliveries (tenant, id, incident_id, page, purpose, user_id, notifier,
    state, requested_at, due_at, attempts, leased_until, token, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`);

  function write({ tenant, commitId, incidents, alerts, timers, deliveries }: Change): void {
    commit.run(tenant, commitId, Date.now());
    for (const { id, expectedVersion, snapshot, events } of incidents) {
      const { context, value } = snapshot;
      const body = JSON.stringify(snapshot);
      const { openedAt } = context.times;
      if (expectedVersion === 0)
        incident.run(tenant, id, value.phase, context.service, context.severity, openedAt, body);
      else {
        const { changes } = update.run(
          ...[value.phase, context.service, context.severity, openedAt, body],
          ...[tenant, id, expectedVersion],
        );
        if (changes === 0) throw new Error('stale');
      }
      for (const each of events) event.run(tenant, id, each.seq, JSON.stringify(each));
    }
    for (const change of alerts) {
      if (change.type !== 'open') continue;
      const { id, routeKey, dedupKey, incidentId, status, severity, openedAt, lastSeenAt, count } = change.alert;
      const keyHash = hash('sha256', JSON.stringify([routeKey, dedupKey]), 'base64url');
      const body = JSON.stringify(change.alert);
      alert.run(tenant, id, keyHash, incidentId ?? '', status, severity, openedAt, lastSeenAt, count, body);
    }
    for (const each of timers) {
      if (each.type === 'arm') timer.run(tenant, each.ownerKind, each.ownerId, each.kind, each.armedSeq, each.dueAt);
    }
    for (const each of deliveries) {
      const { id, incidentId = '', page, purpose, user = null, notifier, state, requestedAt, dueAt, attempts } = each;
      delivery.run(
        ...[tenant, id, incidentId, page, purpose, user, notifier, state, requestedAt, dueAt, attempts],
        JSON.stringify(each),
      );
    }
  }

  return {
    database,
    commit(change) {
      begin.run();
      try {
        write(change);
        end.run();
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}
