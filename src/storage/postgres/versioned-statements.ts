/**
 * The statements of the commit function for rows under a version of their own: documents and slots.
 *
 * A row that is not at the version that the change expects ends the group.
 */
import { FOUND_OR_STALE, STALE } from './commit-statements.ts';

/** A table whose rows have a version. */
export type Versioned = {
  readonly table: string;
  readonly list: string;
  readonly keys: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  /** The condition under which a row counts as being there. */
  readonly live?: { readonly is: string; readonly isNot: string };
};

/** How documents are kept. */
export const DOCUMENTS: Omit<Versioned, 'table'> = {
  list: 'documents',
  keys: ['id_hash', 'collection'],
  values: { id: 'text', data: 'text', expires_at: 'double precision' },
  live: { is: '(expires_at is null or expires_at > p_now)', isNot: 'expires_at <= p_now' },
};

/** How slots are kept. */
export const SLOTS: Omit<Versioned, 'table'> = {
  list: 'slots',
  keys: ['key_hash', 'kind'],
  values: { key: 'text', owner: 'text', until: 'double precision' },
};

/** Rows under a version: new ones, changed ones, removed ones, and those that were to be absent and stay so. */
export function versionedStatements({ table, list, keys, values, live }: Versioned): string {
  const names = [...keys, 'tenant'];
  const columns = Object.keys(values);
  const types = [
    ...names.map((name) => `${name} text`),
    'version integer',
    ...Object.entries(values).map(([name, type]) => `${name} ${type}`),
  ].join(', ');
  const rows = `jsonb_to_recordset(v_rows) r(${types})`;
  const each = `for v_row in select * from ${rows} loop`;
  const same = `${keys.map((name) => `${name} = v_row.${name}`).join(' and ')} and tenant || '' = v_row.tenant`;
  const current = live === undefined ? '' : ` and ${live.is}`;
  const replace =
    live === undefined
      ? ''
      : `on conflict (${names.join(', ')}) do update set version = 1,
              ${columns.map((name) => `${name} = excluded.${name}`).join(', ')} where x.${live.isNot}`;
  return `v_rows := v_stage->'${list}New';
        if v_rows is not null then
          insert into ${table} as x (${names.join(', ')}, version, ${columns.join(', ')})
            select ${names.map((name) => `r.${name}`).join(', ')}, 1, ${columns.map((name) => `r.${name}`).join(', ')}
            from ${rows} ${replace};
          get diagnostics v_count = row_count;
          if v_count < jsonb_array_length(v_rows) then raise exception 'stale' using errcode = '${STALE}'; end if;
        end if;
        v_rows := v_stage->'${list}Changed';
        if v_rows is not null then
          ${each}
            update ${table} set version = version + 1, ${columns.map((name) => `${name} = v_row.${name}`).join(', ')}
              where ${same} and version = v_row.version${current};
            ${FOUND_OR_STALE}
          end loop;
        end if;
        v_rows := v_stage->'${list}Removed';
        if v_rows is not null then
          ${each}
            delete from ${table} where ${same} and version = v_row.version${current};
            ${FOUND_OR_STALE}
          end loop;
        end if;
        v_rows := v_stage->'${list}Absent';
        if v_rows is not null then
          ${each}
            perform 1 from ${table} where ${same}${current};
            if found then raise exception 'stale' using errcode = '${STALE}'; end if;
          end loop;
        end if;`;
}
