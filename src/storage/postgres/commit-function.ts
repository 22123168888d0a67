/**
 * The commit function: everything of a commit in one round trip, each group of stages all or nothing.
 *
 * A conflict undoes its group and is an answer; every other error fails the call. It never looks into a body.
 */
import { alertStatements } from './alert-statements.ts';
import {
  deliveryStatements,
  firstAlertStatements,
  incidentStatements,
  STALE,
  timerStatements,
} from './commit-statements.ts';
import { DOCUMENTS, SLOTS, versionedStatements } from './versioned-statements.ts';

const ALERT_STATEMENTS = { 1: firstAlertStatements, 2: alertStatements } as const;

/** Makes `commit_2(groups, locks, now, lock_ms)`, or `commit_1`, which answers 'applied' or 'conflict' for each group. */
export const commitFunction = (s: string, version: keyof typeof ALERT_STATEMENTS): string => `
create or replace function ${s}.commit_${version}(p_groups jsonb, p_locks jsonb, p_now double precision, p_lock_ms integer)
returns text[] language plpgsql
-- Plans are kept: one made while a table is new must fit when it is large.
set enable_seqscan = off set lock_timeout = 0
as $commit$
#variable_conflict use_column
declare
  v_group jsonb;
  v_stage jsonb;
  v_rows jsonb;
  v_row record;
  v_count integer;
  v_answers text[] := '{}';
begin
  perform set_config('lock_timeout', p_lock_ms::text, true);
  if p_locks is not null then
    for v_row in select * from jsonb_to_recordset(p_locks->'incidents') r(tenant text, id text) loop
      perform 1 from ${s}.incidents where id = v_row.id and tenant || '' = v_row.tenant for update;
    end loop;
    for v_row in select * from jsonb_to_recordset(p_locks->'alerts') r(tenant text, id text) loop
      perform 1 from ${s}.alerts where id = v_row.id and tenant || '' = v_row.tenant for update;
    end loop;
  end if;

  for v_group in select value from jsonb_array_elements(p_groups) loop
    begin
      v_rows := v_group->'commits';
      insert into ${s}.commits (tenant, id, at)
        select r.tenant, r.id, p_now from jsonb_to_recordset(v_rows) r(tenant text, id text)
        on conflict do nothing;
      get diagnostics v_count = row_count;
      if v_count = 0 then
        v_answers := v_answers || 'applied'::text;
        continue;
      end if;
      if v_count < jsonb_array_length(v_rows) then raise exception 'partly a repeat' using errcode = '${STALE}'; end if;

      for v_stage in select value from jsonb_array_elements(v_group->'stages') loop
        ${incidentStatements(s)}
        ${ALERT_STATEMENTS[version](s)}
        ${timerStatements(s)}
        ${deliveryStatements(s)}
        ${versionedStatements({ table: `${s}.documents`, ...DOCUMENTS })}
        ${versionedStatements({ table: `${s}.slots`, ...SLOTS })}
        v_rows := v_stage->'counters';
        if v_rows is not null then
          insert into ${s}.counters as c (tenant, collection, id_hash, id, value)
            select r.tenant, r.collection, r.id_hash, r.id, r.value
            from jsonb_to_recordset(v_rows)
              r(tenant text, collection text, id_hash text, id text, value double precision)
            on conflict (tenant, collection, id_hash) do update set value = c.value + excluded.value;
        end if;
      end loop;

      if v_group->'wakes' is not null then
        perform ${s}.wake(array_agg(r.key), array_agg(r.due))
          from jsonb_to_recordset(v_group->'wakes') r(key text, due bigint);
      end if;
      v_answers := v_answers || 'applied'::text;
    exception when sqlstate '${STALE}' or unique_violation then
      v_answers := v_answers || 'conflict'::text;
    end;
  end loop;
  return v_answers;
end
$commit$;
`;
