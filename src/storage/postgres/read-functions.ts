/**
 * The functions behind `load` and `prune`: several statements in one round trip.
 *
 * A load function is stable: all of its statements see the one moment of the query that calls it.
 */

/** Which version of the tables a function works on. What was released stays as it was. */
export type FunctionVersion = 1 | 2;

/** What changes about an alert, as JSON: its body says the rest. */
export const ALERT_CELLS = `json_build_array(a.status, a.severity, a.incident_id, a.last_seen_at, a.cleared_at, a.count,
      a.id, a.opened_at, a.occurred_at, a.content, a.service)` as const;

const CELLS: Readonly<Record<FunctionVersion, string>> = {
  1: 'json_build_array(a.status, a.severity, a.incident_id, a.last_seen_at, a.cleared_at, a.count, a.id, a.opened_at)',
  2: ALERT_CELLS,
};

/** Makes `load_2(query, now)`, or `load_1`: a row for each thing found, `kind` saying of what kind. */
export const loadFunction = (s: string, version: FunctionVersion): string => `
create or replace function ${s}.load_${version}(p_query jsonb, p_now double precision)
returns table (kind text, place integer, name text, version double precision, body text, extra text)
language plpgsql stable
set enable_seqscan = off
as $load$
#variable_conflict use_column
declare
  v_tenant text := p_query->>'tenant';
  v_incidents text[] := array(select jsonb_array_elements_text(p_query->'incidents'));
  v_alerts text[];
begin
  if p_query->'alertKeys' is not null then
    v_alerts := array(
      select coalesce(
        (select id from ${s}.alerts where key_hash = k.hash and tenant || '' = v_tenant and status <> 'cleared'),
        (select id from ${s}.alerts where key_hash = k.hash and tenant || '' = v_tenant order by place desc limit 1)
      ) from jsonb_array_elements_text(p_query->'alertKeys') k(hash)
    );
    return query select 'alert', array_position(v_alerts, a.id) - 1, a.id, 0::double precision, a.body, ${CELLS[version]}::text
      from ${s}.alerts a where a.id = any(v_alerts) and a.tenant || '' = v_tenant;
    v_incidents := v_incidents || array(
      select a.incident_id from ${s}.alerts a where a.id = any(v_alerts) and a.tenant || '' = v_tenant${version === 1 ? '' : " and a.incident_id <> ''"}
    );
  end if;
  if cardinality(v_incidents) > 0 then
    return query select 'incident', 0, i.id, i.version::double precision, i.snapshot, null::text
      from ${s}.incidents i where i.id = any(v_incidents) and i.tenant || '' = v_tenant;
  end if;
  if p_query->'documents' is not null then
    return query select 'document', r.place, '', d.version::double precision, d.data, null::text
      from jsonb_to_recordset(p_query->'documents') r(place integer, collection text, id_hash text)
      cross join lateral (
        select version, data, expires_at from ${s}.documents where id_hash = r.id_hash and collection = r.collection and tenant || '' = v_tenant offset 0
      ) d
      where d.expires_at is null or d.expires_at > p_now;
  end if;
  if p_query->'slots' is not null then
    return query select 'slot', r.place, '', l.version::double precision, l.owner, l.until::text
      from jsonb_to_recordset(p_query->'slots') r(place integer, kind text, key_hash text)
      cross join lateral (
        select version, owner, until from ${s}.slots where key_hash = r.key_hash and kind = r.kind and tenant || '' = v_tenant offset 0
      ) l;
  end if;
  if p_query->'counters' is not null then
    return query select 'counter', r.place, '', c.value, null::text, null::text
      from jsonb_to_recordset(p_query->'counters') r(place integer, collection text, id_hash text)
      cross join lateral (
        select value from ${s}.counters where tenant = v_tenant and collection = r.collection and id_hash = r.id_hash offset 0
      ) c;
  end if;
end
$load$;
`;

/** Makes `prune_3(tenant, ended_before, most, now)`, or an earlier one, which answers how many incidents went. */
export const pruneFunction = (s: string, version: FunctionVersion | 3): string => `
create or replace function ${s}.prune_${version}(
  p_tenant text, p_ended_before double precision, p_most integer, p_now double precision
) returns integer language plpgsql
set lock_timeout = '2s'
as $prune$
#variable_conflict use_column
declare
  v_ids text[];${version === 1 ? '' : '\n  v_alerts text[];'}${version === 3 ? '\n  v_deliveries text[];' : ''}
begin
  delete from ${s}.documents where tenant = p_tenant and expires_at <= p_now;
  delete from ${s}.commits where tenant = p_tenant and at < p_now - 86400000;
${version === 1 ? '' : `  delete from ${s}.slots where tenant = p_tenant and until < p_now - 604800000;\n`}  if p_ended_before is null then return 0; end if;
  -- Locked first and looked at afterwards: what was written meanwhile is seen.
  v_ids := array(
    select i.id from ${s}.incidents i
    where i.tenant = p_tenant and i.phase in ('closed', 'dismissed', 'merged') and i.last_at < p_ended_before
      and not exists (${workOf(s)})
    limit p_most for update of i skip locked
  );
  perform 1 from ${s}.deliveries d where d.tenant = p_tenant and d.incident_id = any(v_ids) for update;
  v_ids := array(
    select i.id from ${s}.incidents i
    where i.tenant = p_tenant and i.id = any(v_ids) and not exists (${workOf(s)})
  );
  delete from ${s}.timeline where tenant = p_tenant and incident_id = any(v_ids);
  delete from ${s}.alerts where tenant = p_tenant and incident_id = any(v_ids);
  delete from ${s}.deliveries where tenant = p_tenant and incident_id = any(v_ids);
  delete from ${s}.incidents where tenant = p_tenant and id = any(v_ids);${version === 1 ? '' : alertsOfNone(s)}${version === 3 ? deliveriesOfNone(s) : ''}
  return cardinality(v_ids);
end
$prune$;
`;

/** Alerts that belong to no incident, with which they would go; one that is being changed is left for another time. */
function alertsOfNone(s: string): string {
  return `
  v_alerts := array(
    select a.id from ${s}.alerts a
    where a.tenant = p_tenant and a.incident_id = '' and a.status = 'cleared' and a.cleared_at < p_ended_before
    order by a.cleared_at limit p_most for update skip locked
  );
  delete from ${s}.alerts where tenant || '' = p_tenant and id = any(v_alerts);`;
}

/** Deliveries that belong to no incident; one that may still be settled is left for another time. */
function deliveriesOfNone(s: string): string {
  return `
  v_deliveries := array(
    select d.id from ${s}.deliveries d
    where d.tenant = p_tenant and d.incident_id = '' and d.requested_at < p_ended_before
      and not (d.state in ('pending', 'leased') or d.leased_until > p_now)
    order by d.requested_at limit p_most for update skip locked
  );
  delete from ${s}.deliveries where tenant || '' = p_tenant and id = any(v_deliveries);`;
}

/** A timer, a delivery that has not ended, or one that was taken back on the wire and may still be settled. */
function workOf(s: string): string {
  return `
      select 1 from ${s}.timers t where t.tenant = i.tenant and t.owner_kind = 'incident' and t.owner_id = i.id
      union all
      select 1 from ${s}.deliveries d where d.tenant = i.tenant and d.incident_id = i.id
        and (d.state in ('pending', 'leased') or d.leased_until > p_now)`;
}
