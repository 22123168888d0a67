/**
 * The hand-written loop on Postgres: one parameterised statement for each of two shapes of a commit.
 *
 * The same tables, one connection of the same driver, no named statements, since the storage has to do without as well.
 * It knows no other shape, no concurrency and no repetition.
 */
import { hash } from 'node:crypto';
import type pg from 'pg';
import type { Change } from '../src/ports/storage.ts';

/** Writes an opening (one incident, two events, one alert, one timer, one delivery) or a note (an update, one event). */
export type PostgresPeer = { open(change: Change): Promise<void>; note(change: Change): Promise<void> };

export type PeerOptions = {
  readonly pool: pg.Pool;
  readonly schema: string;
  /** With the jobs that wake a worker, or without. */
  readonly hasJobs: boolean;
};

const NOW = 'extract(epoch from clock_timestamp()) * 1000';

/** A loop over tables that the storage has made. */
export function postgresPeer({ pool, schema: s, hasJobs }: PeerOptions): PostgresPeer {
  const commit = `c as (insert into ${s}.commits (tenant, id, at) values ($1, $2, ${NOW}))`;
  const job = (key: string, due: string) =>
    `row('${s}_wake', null, null, to_timestamp(${due}::double precision / 1000), null, '${s}:' || ${key}, null,
      null)::graphile_worker.job_spec`;
  const jobs = [
    job(`'d/' || $1 || '/' || $3 || '/' || $24 || '/' || $29`, '$29'),
    job(`'t/' || $1 || '/' || $19 || '/' || $3 || '/' || $20`, '$22'),
  ];
  const opening = `with ${commit},
    i as (insert into ${s}.incidents (tenant, id, version, phase, service, severity, opened_at, last_at, snapshot)
      values ($1, $3, 1, $4, $5, $6, $7, $8, $9)),
    e as (insert into ${s}.timeline (tenant, incident_id, seq, body) values ($1, $3, $10, $11), ($1, $3, $12, $13)),
    a as (insert into ${s}.alerts (tenant, id, key_hash, incident_id, status, severity, opened_at, last_seen_at, count, body)
      values ($1, $14, $15, $3, $16, $6, $7, $17, 1, $18)),
    t as (insert into ${s}.timers (tenant, owner_kind, owner_id, kind, armed_seq, due_at, ready_at)
      values ($1, $19, $3, $20, $21, $22, $22)),
    d as (insert into ${s}.deliveries (tenant, id, incident_id, page, purpose, user_id, notifier, state, requested_at,
        due_at, attempts, ready_at, body)
      values ($1, $23, $3, $24, $25, $26, $27, 'pending', $28, $29, 0, $29, $30))
    select ${hasJobs ? `count(*) from graphile_worker.add_jobs(array[${jobs.join(', ')}])` : '1'}`;
  const note = `with ${commit},
    i as (update ${s}.incidents set version = version + 1, phase = $5, service = $6, severity = $7, opened_at = $8,
        last_at = $9, snapshot = $10 where tenant = $1 and id = $3 and version = $4 returning 1),
    e as (insert into ${s}.timeline (tenant, incident_id, seq, body) values ($1, $3, $11, $12))
    select 1 / count(*) from i`;

  return {
    async open({ tenant, commitId, incidents, alerts, timers, deliveries }) {
      const [incident, [opened], [timer], [delivery]] = [incidents[0], alerts, timers, deliveries];
      const [first, second] = incident?.events ?? [];
      if (incident === undefined || first === undefined || second === undefined) throw new Error('no opening');
      if (opened?.type !== 'open' || timer?.type !== 'arm' || delivery === undefined) throw new Error('no opening');
      const { context, value } = incident.snapshot;
      const { alert } = opened;
      await pool.query(opening, [
        ...[tenant, commitId, incident.id, value.phase, context.service, context.severity, context.times.openedAt],
        ...[second.at, JSON.stringify(incident.snapshot)],
        ...[first.seq, JSON.stringify(first), second.seq, JSON.stringify(second)],
        ...[
          alert.id,
          hashOf(tenant, alert.routeKey, alert.dedupKey),
          alert.status,
          alert.lastSeenAt,
          JSON.stringify(alert),
        ],
        ...[timer.ownerKind, timer.kind, timer.armedSeq, timer.dueAt],
        ...[delivery.id, delivery.page, delivery.purpose, delivery.user, delivery.notifier],
        ...[delivery.requestedAt, delivery.dueAt, JSON.stringify(delivery)],
      ]);
    },
    async note({ tenant, commitId, incidents: [incident] }) {
      const [event] = incident?.events ?? [];
      if (incident === undefined || event === undefined) throw new Error('no note');
      const { context, value } = incident.snapshot;
      await pool.query(note, [
        ...[tenant, commitId, incident.id, incident.expectedVersion],
        ...[value.phase, context.service, context.severity, context.times.openedAt, event.at],
        ...[JSON.stringify(incident.snapshot), event.seq, JSON.stringify(event)],
      ]);
    },
  };
}

function hashOf(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64url');
}
