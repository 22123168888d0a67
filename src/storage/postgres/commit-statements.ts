/**
 * The statements of the commit function: what each list of a stage does to its table.
 *
 * New rows go in together. Rows that are there are found one by one: a join would be planned by what is known of the table,
 * which at first is nothing, and would lock in any order. A row that is not as the change expects it ends the group.
 */

/** The error code that turns a group into a conflict. */
export const STALE = 'TC409';

/** Ends the group unless the statement before has found its row. */
export const FOUND_OR_STALE = `if not found then raise exception 'stale' using errcode = '${STALE}'; end if;`;

const INCIDENT = `tenant text, id text, version integer, phase text, service text, severity text,
              opened_at double precision, last_at double precision, snapshot text`;

/** Snapshots under their version, and their events. */
export function incidentStatements(s: string): string {
  return `v_rows := v_stage->'opened';
        if v_rows is not null then
          insert into ${s}.incidents (tenant, id, version, phase, service, severity, opened_at, last_at, snapshot)
            select r.tenant, r.id, 1, r.phase, r.service, r.severity, r.opened_at, coalesce(r.last_at, 0), r.snapshot
            from jsonb_to_recordset(v_rows) r(${INCIDENT});
        end if;
        v_rows := v_stage->'changed';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows) r(${INCIDENT}) loop
            update ${s}.incidents set version = version + 1, phase = v_row.phase, service = v_row.service,
                severity = v_row.severity, opened_at = v_row.opened_at, last_at = coalesce(v_row.last_at, last_at),
                snapshot = v_row.snapshot
              where id = v_row.id and tenant || '' = v_row.tenant and version = v_row.version;
            ${FOUND_OR_STALE}
          end loop;
        end if;
        v_rows := v_stage->'events';
        if v_rows is not null then
          insert into ${s}.timeline (tenant, incident_id, seq, body)
            select r.tenant, r.incident_id, r.seq, r.body
            from jsonb_to_recordset(v_rows) r(tenant text, incident_id text, seq integer, body text);
        end if;`;
}

/** What `alertStatements` was in the first version of the tables: it was released, and stays as it was. */
export function firstAlertStatements(s: string): string {
  return `v_rows := v_stage->'alertSets';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows)
              r(tenant text, id text, status text, severity text, incident_id text, cleared_at double precision) loop
            update ${s}.alerts set status = coalesce(v_row.status, status),
                severity = coalesce(v_row.severity, severity), incident_id = coalesce(v_row.incident_id, incident_id),
                cleared_at = coalesce(v_row.cleared_at, cleared_at)
              where id = v_row.id and tenant || '' = v_row.tenant;
          end loop;
        end if;
        v_rows := v_stage->'alertReturns';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows)
              r(tenant text, id text, severity text, seen_at double precision) loop
            update ${s}.alerts set status = 'firing', severity = v_row.severity, cleared_at = null, count = count + 1,
                last_seen_at = greatest(last_seen_at, v_row.seen_at)
              where id = v_row.id and tenant || '' = v_row.tenant;
          end loop;
        end if;
        v_rows := v_stage->'alertRepeats';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows)
              r(tenant text, id text, times double precision, seen_at double precision) loop
            update ${s}.alerts set count = count + v_row.times, last_seen_at = greatest(last_seen_at, v_row.seen_at)
              where id = v_row.id and tenant || '' = v_row.tenant and status <> 'cleared';
            ${FOUND_OR_STALE}
          end loop;
        end if;
        v_rows := v_stage->'alertOpens';
        if v_rows is not null then
          insert into ${s}.alerts (tenant, id, key_hash, incident_id, status, severity, opened_at, last_seen_at,
              cleared_at, count, body)
            select r.tenant, r.id, r.key_hash, r.incident_id, r.status, r.severity, r.opened_at, r.last_seen_at,
              r.cleared_at, r.count, r.body
            from jsonb_to_recordset(v_rows) r(tenant text, id text, key_hash text, incident_id text, status text,
              severity text, opened_at double precision, last_seen_at double precision, cleared_at double precision,
              count double precision, body text);
        end if;`;
}

/** Arming ends a lease. */
export function timerStatements(s: string): string {
  return `v_rows := v_stage->'cancelled';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows)
              r(tenant text, owner_kind text, owner_id text, kind text) loop
            delete from ${s}.timers where tenant = v_row.tenant and owner_kind = v_row.owner_kind
              and owner_id = v_row.owner_id and kind = v_row.kind;
          end loop;
        end if;
        v_rows := v_stage->'armed';
        if v_rows is not null then
          insert into ${s}.timers (tenant, owner_kind, owner_id, kind, armed_seq, due_at, ready_at)
            select r.tenant, r.owner_kind, r.owner_id, r.kind, r.armed_seq, r.due_at, r.due_at
            from jsonb_to_recordset(v_rows) r(tenant text, owner_kind text, owner_id text, kind text,
              armed_seq double precision, due_at double precision)
            on conflict (tenant, owner_kind, owner_id, kind) do update
              set armed_seq = excluded.armed_seq, due_at = excluded.due_at, ready_at = excluded.ready_at;
        end if;`;
}

/** A delivery on the wire keeps its token, so that it can still be settled as sent. */
export function deliveryStatements(s: string): string {
  return `v_rows := v_stage->'withdrawals';
        if v_rows is not null then
          for v_row in select * from jsonb_to_recordset(v_rows) r(tenant text, incident_id text, before_page integer,
              purpose text, user_id text, because text) loop
            update ${s}.deliveries set state = 'withdrawn', withdrawn_because = v_row.because, ready_at = null
              where incident_id = v_row.incident_id and tenant || '' = v_row.tenant and page < v_row.before_page
                and state in ('pending', 'leased') and (v_row.purpose is null or purpose = v_row.purpose)
                and (v_row.user_id is null or user_id = v_row.user_id);
          end loop;
        end if;
        v_rows := v_stage->'deliveries';
        if v_rows is not null then
          insert into ${s}.deliveries (tenant, id, incident_id, page, purpose, user_id, notifier, state, requested_at,
              due_at, attempts, sent_at, external_id, error, withdrawn_because, ready_at, body)
            select r.tenant, r.id, r.incident_id, r.page, r.purpose, r.user_id, r.notifier, r.state, r.requested_at,
              r.due_at, r.attempts, r.sent_at, r.external_id, r.error, r.withdrawn_because,
              case when r.state in ('pending', 'leased') then r.due_at end, r.body
            from jsonb_to_recordset(v_rows) r(tenant text, id text, incident_id text, page integer, purpose text,
              user_id text, notifier text, state text, requested_at double precision, due_at double precision,
              attempts integer, sent_at double precision, external_id text, error text, withdrawn_because text,
              body text);
        end if;`;
}
