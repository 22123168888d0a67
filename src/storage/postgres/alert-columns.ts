/**
 * Alert columns: what the second migration adds to the table of the first.
 *
 * No row is rewritten: a large table is as quickly migrated as a small one. Rows of the first version, which a node of that
 * version may go on writing, have nothing in the new columns. An alert of no incident has the empty text as its incident.
 */

/** Adds the columns, an index for pruning, and the function that reads the service of a row of the first version. */
export const alertColumns = (s: string): string => `
alter table ${s}.alerts add column if not exists occurred_at double precision;
alter table ${s}.alerts add column if not exists content text;
alter table ${s}.alerts add column if not exists service text collate "C";
create index if not exists alerts_of_none on ${s}.alerts (tenant, cleared_at) where incident_id = '';
create index if not exists slots_until on ${s}.slots (tenant, until) where until is not null;

-- Reading JSON fails at escapes of what a text cannot hold, wherever they stand; a service has none. What is no JSON has none.
create or replace function ${s}.service_of(body text) returns text language plpgsql immutable as $service$
begin
  return replace(body::json->>'service', '\\', '\\\\');
exception when others then
  begin
    return replace(
      regexp_replace(body, '(\\\\\\\\)|\\\\u(?:0000|d[89a-f][0-9a-f]{2})', '\\1', 'g')::json->>'service', '\\', '\\\\'
    );
  exception when others then
    return null;
  end;
end
$service$;
`;

/** The service of an alert, whichever version wrote it; `a` names the table. */
export const serviceSql = (s: string): string => `coalesce(a.service, ${s}.service_of(a.body))`;
