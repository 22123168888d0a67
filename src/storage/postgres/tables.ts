/**
 * Tables: what Postgres keeps, as the first migration makes it.
 *
 * Bodies are JSON as text, never jsonb, so that they come back as they were; columns beside them serve filters, order and
 * conditions. Moments and counts are double precision, which is what a number of JavaScript is.
 *
 * A key begins with the id where lists of the same table need indexes that begin with the tenant. The functions keep their
 * plans, and to a planner who knows nothing of a new table all indexes with the tenant look alike: the condition
 * `tenant || ''`, which no index has, leaves it the one of the key.
 */

/** Makes every table, index and sequence; `s` is the name of the schema. */
export const tables = (s: string): string => `
do $schema$ begin
  if to_regnamespace('${s}') is null then create schema ${s}; end if;
end $schema$;

create table if not exists ${s}.migrations (
  version integer primary key,
  applied_at timestamptz not null default now()
);

create table if not exists ${s}.commits (
  tenant text collate "C" not null,
  id text collate "C" not null,
  at double precision not null,
  primary key (tenant, id)
);
create index if not exists commits_at on ${s}.commits using brin (at);

create table if not exists ${s}.incidents (
  tenant text collate "C" not null,
  id text collate "C" not null,
  version integer not null,
  phase text collate "C" not null,
  service text collate "C" not null,
  severity text collate "C" not null,
  opened_at double precision not null,
  last_at double precision not null,
  snapshot text not null,
  primary key (id, tenant)
);
create index if not exists incidents_opened on ${s}.incidents (tenant, opened_at desc, id desc);
create index if not exists incidents_phase on ${s}.incidents (tenant, phase, opened_at desc);

create table if not exists ${s}.timeline (
  tenant text collate "C" not null,
  incident_id text collate "C" not null,
  seq integer not null,
  body text not null,
  primary key (tenant, incident_id, seq)
);

create table if not exists ${s}.alerts (
  tenant text collate "C" not null,
  id text collate "C" not null,
  place bigint generated always as identity,
  key_hash text collate "C" not null,
  incident_id text collate "C" not null,
  status text collate "C" not null,
  severity text collate "C" not null,
  opened_at double precision not null,
  last_seen_at double precision not null,
  cleared_at double precision,
  count double precision not null,
  body text not null,
  primary key (id, tenant)
);
create unique index if not exists alerts_open on ${s}.alerts (key_hash, tenant) where status <> 'cleared';
create index if not exists alerts_key on ${s}.alerts (key_hash, place desc);
create index if not exists alerts_incident on ${s}.alerts (incident_id);
create index if not exists alerts_opened on ${s}.alerts (tenant, opened_at desc, place desc);

create table if not exists ${s}.timers (
  tenant text collate "C" not null,
  owner_kind text collate "C" not null,
  owner_id text collate "C" not null,
  kind text collate "C" not null,
  armed_seq double precision not null,
  due_at double precision not null,
  ready_at double precision not null,
  primary key (tenant, owner_kind, owner_id, kind)
);
create index if not exists timers_ready on ${s}.timers (tenant, ready_at);

create table if not exists ${s}.deliveries (
  tenant text collate "C" not null,
  id text collate "C" not null,
  incident_id text collate "C" not null,
  page integer not null,
  purpose text collate "C" not null,
  user_id text collate "C",
  notifier text collate "C" not null,
  state text collate "C" not null,
  requested_at double precision not null,
  due_at double precision not null,
  attempts integer not null,
  sent_at double precision,
  external_id text,
  error text,
  withdrawn_because text,
  token integer not null default 0,
  leased_until double precision not null default 0,
  ready_at double precision,
  body text not null,
  primary key (id, tenant)
);
create index if not exists deliveries_ready on ${s}.deliveries (tenant, ready_at) where ready_at is not null;
create index if not exists deliveries_incident on ${s}.deliveries (incident_id, page);
create index if not exists deliveries_requested on ${s}.deliveries (tenant, requested_at);
create index if not exists deliveries_dead on ${s}.deliveries (tenant, requested_at) where state = 'dead';

create table if not exists ${s}.documents (
  tenant text collate "C" not null,
  collection text collate "C" not null,
  id_hash text collate "C" not null,
  id text collate "C" not null,
  version integer not null,
  data text not null,
  expires_at double precision,
  primary key (id_hash, collection, tenant)
);
create index if not exists documents_id on ${s}.documents (tenant, collection, left(id, 200));
create index if not exists documents_expiry on ${s}.documents (tenant, expires_at) where expires_at is not null;

create table if not exists ${s}.slots (
  tenant text collate "C" not null,
  kind text collate "C" not null,
  key_hash text collate "C" not null,
  key text not null,
  owner text not null,
  until double precision,
  version integer not null,
  primary key (key_hash, kind, tenant)
);

create table if not exists ${s}.counters (
  tenant text collate "C" not null,
  collection text collate "C" not null,
  id_hash text collate "C" not null,
  id text not null,
  value double precision not null,
  primary key (tenant, collection, id_hash)
);

create sequence if not exists ${s}.missed_wake_ups;

do $wake$ begin
  if to_regprocedure('${s}.wake(text[], bigint[])') is null then
    create function ${s}.wake(keys text[], dues bigint[]) returns void language plpgsql as $$ begin end $$;
  end if;
end $wake$;
`;
