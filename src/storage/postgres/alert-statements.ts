/**
 * The statements of the commit function for alerts, since the second version of the tables.
 *
 * The moment at which an alert fired only grows, and what it says is replaced beside its body, which is written once.
 */
import { FOUND_OR_STALE } from './commit-statements.ts';

/** What the lists of alerts may hold at once: changes first, then openings, so that a successor finds its key free. */
export function alertStatements(s: string): string {
  return `v_rows := v_stage->'alertSets';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows) r(tenant text, id text, status text, severity text,
              incident_id text, cleared_at double precision, content text) loop
            update ${s}.alerts set status = coalesce(v_row.status, status),
                severity = coalesce(v_row.severity, severity), incident_id = coalesce(v_row.incident_id, incident_id),
                cleared_at = coalesce(v_row.cleared_at, cleared_at), content = coalesce(v_row.content, content)
              where id = v_row.id and tenant || '' = v_row.tenant;
          end loop;
        end if;
        v_rows := v_stage->'alertReturns';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows)
              r(tenant text, id text, severity text, seen_at double precision, occurred_at double precision) loop
            update ${s}.alerts set status = 'firing', severity = v_row.severity, cleared_at = null, count = count + 1,
                last_seen_at = greatest(last_seen_at, v_row.seen_at),
                occurred_at = greatest(occurred_at, v_row.occurred_at)
              where id = v_row.id and tenant || '' = v_row.tenant;
          end loop;
        end if;
        v_rows := v_stage->'alertRepeats';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows) r(tenant text, id text, times double precision,
              seen_at double precision, occurred_at double precision) loop
            update ${s}.alerts set count = count + v_row.times, last_seen_at = greatest(last_seen_at, v_row.seen_at),
                occurred_at = greatest(occurred_at, v_row.occurred_at)
              where id = v_row.id and tenant || '' = v_row.tenant and status <> 'cleared';
            ${FOUND_OR_STALE}
          end loop;
        end if;
        v_rows := v_stage->'alertOpens';
        if v_rows is not null then
          insert into ${s}.alerts (tenant, id, key_hash, incident_id, status, severity, service, opened_at, last_seen_at,
              occurred_at, cleared_at, count, body)
            select r.tenant, r.id, r.key_hash, r.incident_id, r.status, r.severity, r.service, r.opened_at,
              r.last_seen_at, r.occurred_at, r.cleared_at, r.count, r.body
            from jsonb_to_recordset(v_rows) r(tenant text, id text, key_hash text, incident_id text, status text,
              severity text, service text, opened_at double precision, last_seen_at double precision,
              occurred_at double precision, cleared_at double precision, count double precision, body text);
        end if;`;
}
