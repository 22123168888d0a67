/**
 * Wake function: what a commit calls in the database, so that its wake-ups become jobs in its own transaction.
 *
 * It never fails a commit: a page is stored even when the queue is broken, and a wake-up that is lost is counted.
 */
import type { Pool } from 'pg';
import { TocsinError } from '../../errors.ts';

/** Where things stand in the database. */
export type Names = {
  /** The schema of the storage. */
  readonly schema: string;
  /** The schema of graphile-worker. */
  readonly workerSchema: string;
};

/** The task that a wake-up job names; two storages in one database have one each. */
export function taskName({ schema }: Pick<Names, 'schema'>): string {
  return `${schema}_wake`;
}

/** Any number, as long as everybody takes the same. */
const LOCK = 7_310_867_271;
/** Characters; a job key has 512 at most, and the name of the schema goes before it. */
const LONGEST_KEY = 400;
/** The year 9999: further away than anybody waits, and still a timestamp. */
const LATEST_MS = 253_370_764_800_000;

/**
 * Brings graphile-worker's tables up to date with `migrate`, and puts the function in the place of the storage's.
 *
 * Safe when several processes do it at once.
 * @throws TocsinError INPUT_INVALID when the storage has not been migrated.
 */
export async function replaceWake(pool: Pool, names: Names, migrate: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await migrate();
    const signature = `"${names.schema}".wake(text[], bigint[])`;
    const { rows } = await client.query<{ readonly prosrc: string }>(
      'select prosrc from pg_proc where oid = to_regprocedure($1)',
      [signature],
    );
    const [found] = rows;
    if (found === undefined) refuseUnmigrated(names);
    // Replacing what is there already would be refused to whoever does not own it.
    if (found?.prosrc !== wakeBody(names)) await client.query(wakeFunction(names));
    await client.query('commit');
    client.release();
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

function refuseUnmigrated({ schema }: Names): never {
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot start the graphile-worker runner: the database has no function ${schema}.wake(text[], bigint[]). Run storage.migrate() of postgresStorage first, and give the runner the same \`schema\`.`,
    { details: { problems: [{ path: 'schema', message: `there is no function ${schema}.wake` }] } },
  );
}

/**
 * The statement that creates or replaces the function. A queue that is locked is waited for no longer than a second. It runs
 * with the rights of whoever starts the runner, because the tables of the queue let nobody else in.
 */
function wakeFunction(names: Names): string {
  return `create or replace function "${names.schema}".wake(keys text[], dues bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '1s' as $wake$${wakeBody(names)}$wake$`;
}

/**
 * Sorted, so that commits beside each other cannot wait for each other in a ring; all in one call, because adding thirty
 * jobs one by one takes ten times as long. A job that starts in the very moment in which it is replaced is not answered;
 * asked again, add_jobs sees that it has started, and adds a new one. No type of the queue is declared: a queue that is
 * gone would then fail before it could be caught.
 */
function wakeBody({ schema, workerSchema }: Names): string {
  const missed = `perform nextval('"${schema}".missed_wake_ups')`;
  return `
declare
  wanted json[];
  added text[];
begin
  select array_agg(json_build_object(
    'identifier', '${taskName({ schema })}',
    'job_key', '${schema}:' || case when length(given.key) > ${LONGEST_KEY} then md5(given.key) else given.key end,
    'run_at', to_timestamp(least(greatest(given.due, 0), ${LATEST_MS}) / 1000.0)
  ) order by given.key)
  into wanted
  from (
    select pair.key, min(coalesce(pair.due, 0)) as due
    from unnest(keys, dues) as pair(key, due)
    where pair.key is not null
    group by pair.key
  ) as given;
  if wanted is null then
    return;
  end if;
  for attempt in 1..2 loop
    select coalesce(array_agg(job.key), '{}') into added from "${workerSchema}".add_jobs(
      array(select json_populate_record(null::"${workerSchema}".job_spec, spec) from unnest(wanted) as spec)
    ) as job;
    wanted := array(select spec from unnest(wanted) as spec where spec->>'job_key' <> all (added));
    exit when cardinality(wanted) = 0;
  end loop;
  ${missed} from unnest(wanted);
exception when others then
  begin
    ${missed} from unnest(keys);
  exception when others then
    null;
  end;
end
`;
}
